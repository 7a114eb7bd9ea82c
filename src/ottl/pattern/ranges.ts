/** A set of code points as pairs `from, to`, both inclusive, in rising order, neither touching nor overlapping. */
export type Ranges = readonly number[];

export const codePointMax = 0x10ffff;

/** Any list of pairs as a set. */
export function normalize(pairs: readonly number[]): Ranges {
  const sorted: (readonly [number, number])[] = [];
  for (let index = 0; index < pairs.length; index += 2) sorted.push([pairs[index] as number, pairs[index + 1] as number]);
  sorted.sort((one, other) => one[0] - other[0]);
  const ranges: number[] = [];
  for (const [from, to] of sorted) {
    const last = ranges.length - 1;
    if (last > 0 && from <= (ranges[last] as number) + 1) ranges[last] = Math.max(ranges[last] as number, to);
    else ranges.push(from, to);
  }
  return ranges;
}

export function negate(ranges: Ranges): Ranges {
  const result: number[] = [];
  let next = 0;
  for (let index = 0; index < ranges.length; index += 2) {
    const from = ranges[index] as number;
    if (from > next) result.push(next, from - 1);
    next = (ranges[index + 1] as number) + 1;
  }
  if (next <= codePointMax) result.push(next, codePointMax);
  return result;
}

export function contains(ranges: Ranges, codePoint: number): boolean {
  let low = 0;
  let high = ranges.length / 2 - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    if (codePoint < (ranges[2 * middle] as number)) high = middle - 1;
    else if (codePoint > (ranges[2 * middle + 1] as number)) low = middle + 1;
    else return true;
  }
  return false;
}

export const digit: Ranges = [0x30, 0x39];
export const word: Ranges = [0x30, 0x39, 0x41, 0x5a, 0x5f, 0x5f, 0x61, 0x7a];
export const space: Ranges = [0x09, 0x0a, 0x0c, 0x0d, 0x20, 0x20];
export const anything: Ranges = [0, codePointMax];
export const notNewline: Ranges = [0, 9, 11, codePointMax];

/** `[[:alpha:]]` and the like: ASCII only. */
export const posixClasses: ReadonlyMap<string, Ranges> = new Map([
  ['alnum', [0x30, 0x39, 0x41, 0x5a, 0x61, 0x7a]],
  ['alpha', [0x41, 0x5a, 0x61, 0x7a]],
  ['ascii', [0x00, 0x7f]],
  ['blank', [0x09, 0x09, 0x20, 0x20]],
  ['cntrl', [0x00, 0x1f, 0x7f, 0x7f]],
  ['digit', digit],
  ['graph', [0x21, 0x7e]],
  ['lower', [0x61, 0x7a]],
  ['print', [0x20, 0x7e]],
  ['punct', [0x21, 0x2f, 0x3a, 0x40, 0x5b, 0x60, 0x7b, 0x7e]],
  ['space', [0x09, 0x0d, 0x20, 0x20]],
  ['upper', [0x41, 0x5a]],
  ['word', word],
  ['xdigit', [0x30, 0x39, 0x41, 0x46, 0x61, 0x66]],
]);
