import type { Bytes } from '../model/bytes.ts';

/** Below this a loop is faster than a call into the runtime. */
const loopBytes = 32;
const highBits = 0x80808080;

/**
 * Whether a range is valid UTF-8. ASCII, which most texts are, is seen sixteen bytes at a step, without making a string. For others the runtime's decoder
 * puts U+FFFD where they are not valid, at several gigabytes a second, so a text without one is; only one that has one is looked at byte by byte.
 */
export function validUtf8(source: Bytes, view: DataView, start: number, end: number): boolean {
  let at = asciiEnd(view, start, end);
  if (end - at > loopBytes && !source.utf8Slice(at, end).includes('\ufffd')) return true;
  while (at < end) {
    const size = sequenceSize(source, at, end);
    if (size === 0) return false;
    at += size;
  }
  return true;
}

/** Up to this length comparing costs less than making. */
const guessLengthMax = 64;

/**
 * A range's text. Texts repeat from span to span, so a caller may have a guess: where the range holds the same text in ASCII, the guess is the answer, for a
 * fifth of the cost of making it again.
 */
export function textAt(source: Bytes, start: number, end: number, guess = ''): string {
  const { length } = guess;
  if (length !== end - start || length > guessLengthMax) return source.utf8Slice(start, end);
  for (let at = 0; at < length; at++) {
    const byte = source[start + at] as number;
    if (byte > 0x7f || byte !== guess.charCodeAt(at)) return source.utf8Slice(start, end);
  }
  return guess;
}

/** Where the first word with a byte over 0x7f begins, or the last bytes that are no whole word. */
function asciiEnd(view: DataView, start: number, end: number): number {
  let at = start;
  while (at + 16 <= end && (fourWords(view, at) & highBits) === 0) at += 16;
  while (at + 4 <= end && (view.getInt32(at, true) & highBits) === 0) at += 4;
  return at;
}

function fourWords(view: DataView, at: number): number {
  return view.getInt32(at, true) | view.getInt32(at + 4, true) | view.getInt32(at + 8, true) | view.getInt32(at + 12, true);
}

/** Bytes of the sequence at `at`, 0 if it is none (RFC 3629: no surrogates, no overlong forms, at most U+10FFFF). */
function sequenceSize(source: Bytes, at: number, end: number): number {
  const lead = source[at] as number;
  if (lead < 0x80) return 1;
  const size = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
  if (lead < 0xc2 || lead > 0xf4 || at + size > end) return 0;
  for (let index = 1; index < size; index++) if (((source[at + index] as number) & 0xc0) !== 0x80) return 0;
  const second = source[at + 1] as number;
  if ((lead === 0xe0 && second < 0xa0) || (lead === 0xed && second > 0x9f)) return 0;
  if ((lead === 0xf0 && second < 0x90) || (lead === 0xf4 && second > 0x8f)) return 0;
  return size;
}
