/** A map that costs nothing while it is empty and little with one entry: for what there are many of, and most of which have no more. */
export class LateMap<Key, Value> {
  /** The only entry, while there is no map. */
  #key: Key | undefined;
  #value: Value | undefined;
  #map: Map<Key, Value> | undefined;
  #size = 0;

  get size(): number {
    return this.#size;
  }

  get(key: Key): Value | undefined {
    if (this.#map !== undefined) return this.#map.get(key);
    return this.#size === 1 && this.#key === key ? this.#value : undefined;
  }

  has(key: Key): boolean {
    return this.#map === undefined ? this.#size === 1 && this.#key === key : this.#map.has(key);
  }

  set(key: Key, value: Value): void {
    if (this.#map === undefined && (this.#size === 0 || this.#key === key)) {
      this.#key = key;
      this.#value = value;
      this.#size = 1;
      return;
    }
    this.#map ??= new Map([[this.#key as Key, this.#value as Value]]);
    this.#map.set(key, value);
    this.#size = this.#map.size;
  }

  delete(key: Key): void {
    if (!this.has(key)) return;
    this.#map?.delete(key);
    this.#size -= 1;
    if (this.#size > 0) return;
    this.#map = undefined;
    this.#key = undefined;
    this.#value = undefined;
  }

  /** It may be changed meanwhile, as a `Map` may. */
  values(): Iterable<Value> {
    if (this.#map !== undefined) return this.#map.values();
    return this.#size === 0 ? [] : [this.#value as Value];
  }
}
