/** Words around a candidate that say what it is. */

const before = 48;
const after = 16;

/** Whether `hint` matches the key that the text stands under or the text around the candidate. */
export function isHinted(hint: RegExp, text: string, start: number, end: number, key: string | undefined): boolean {
  if (key !== undefined && key.length <= 256 && hint.test(key)) return true;
  return hint.test(text.slice(Math.max(0, start - before), start)) || hint.test(text.slice(end, end + after));
}
