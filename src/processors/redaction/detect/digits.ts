/** The digits of a number without what stands between them, each 0 to 9. Bytes and no string, as a check of a string made of parts costs more than the check. */
export type Digits = Uint8Array;

/** No number has more. */
export const digitsMax = 24;

/** One store and a view of each length: what is written to a view is gone with the next number. */
const store = new Uint8Array(digitsMax);
const views: readonly Uint8Array[] = Array.from({ length: digitsMax + 1 }, (_, length) => store.subarray(0, length));

/** A place for `length` digits, until the next call. */
export const digitsOfLength = (length: number): Uint8Array => views[length] as Uint8Array;

/** The first `count` characters of `text`, which are digits. */
export function digitsOf(text: string, count: number): Digits {
  const digits = digitsOfLength(count);
  for (let at = 0; at < count; at += 1) digits[at] = text.charCodeAt(at) - 48;
  return digits;
}

/** The number that `count` digits from `from` are. */
export function numberAt(digits: Digits, from: number, count: number): number {
  let number = 0;
  for (let at = from; at < from + count; at += 1) number = number * 10 + (digits[at] as number);
  return number;
}
