/** A map that costs nothing while it is empty: for what there are many of, and most of which stay without an entry. */
export class LateMap<Key, Value> {
  #map: Map<Key, Value> | undefined;

  get size(): number {
    return this.#map === undefined ? 0 : this.#map.size;
  }

  get(key: Key): Value | undefined {
    return this.#map?.get(key);
  }

  has(key: Key): boolean {
    return this.#map?.has(key) ?? false;
  }

  set(key: Key, value: Value): void {
    (this.#map ??= new Map()).set(key, value);
  }

  delete(key: Key): void {
    if (this.#map?.delete(key) && this.#map.size === 0) this.#map = undefined;
  }

  /** It may be changed meanwhile, as a `Map` may. */
  values(): Iterable<Value> {
    return this.#map === undefined ? [] : this.#map.values();
  }
}
