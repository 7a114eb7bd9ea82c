/**
 * A map whose keys are ordered as bytes of their UTF-8 text. Keys stand in blocks of at most `blockSize`, so an insertion moves a few hundred
 * keys at most, however large the map is.
 */
const blockSize = 512;

/** UTF-8 order is code point order: it differs from `<` on strings only where a surrogate meets a code unit above it. */
export function compareKeys(one: string, other: string): number {
  const length = Math.min(one.length, other.length);
  for (let index = 0; index < length; index++) {
    let left = one.charCodeAt(index);
    let right = other.charCodeAt(index);
    if (left === right) continue;
    if (left >= 0xd800 && right >= 0xd800) {
      left = left >= 0xe000 ? left - 0x800 : left + 0x2000;
      right = right >= 0xe000 ? right - 0x800 : right + 0x2000;
    }
    return left - right;
  }
  return one.length - other.length;
}

/** Position of the first of the sorted keys that is not below `key`. */
function lowerBound(keys: readonly string[], key: string): number {
  let low = 0;
  let high = keys.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (compareKeys(keys[middle] as string, key) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

export class OrderedMap<Value> {
  readonly #values = new Map<string, Value>();
  readonly #blocks: string[][] = [[]];

  get(key: string): Value | undefined {
    return this.#values.get(key);
  }

  set(key: string, value: Value): void {
    if (!this.#values.has(key)) this.#insert(key);
    this.#values.set(key, value);
  }

  delete(key: string): void {
    if (!this.#values.delete(key)) return;
    const at = this.#blockOf(key);
    const block = this.#blocks[at] as string[];
    block.splice(lowerBound(block, key), 1);
    if (block.length === 0 && this.#blocks.length > 1) this.#blocks.splice(at, 1);
  }

  /** Pairs with `from <= key < to`, at most `limit`. */
  range(from: string, to: string, limit: number): [string, Value][] {
    const found: [string, Value][] = [];
    let at = this.#blockOf(from);
    let index = lowerBound(this.#blocks[at] as string[], from);
    for (; at < this.#blocks.length; at++, index = 0) {
      const block = this.#blocks[at] as string[];
      for (; index < block.length; index++) {
        const key = block[index] as string;
        if (found.length >= limit || compareKeys(key, to) >= 0) return found;
        found.push([key, this.#values.get(key) as Value]);
      }
    }
    return found;
  }

  #insert(key: string): void {
    const at = this.#blockOf(key);
    const block = this.#blocks[at] as string[];
    block.splice(lowerBound(block, key), 0, key);
    if (block.length > blockSize) this.#blocks.splice(at + 1, 0, block.splice(blockSize / 2));
  }

  /** The last block that begins at or below the key, else the first. */
  #blockOf(key: string): number {
    let low = 0;
    let high = this.#blocks.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if (compareKeys(this.#blocks[middle]?.[0] ?? '', key) <= 0) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}
