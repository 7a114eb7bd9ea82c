/** What a JSON text writes in place of the bytes that it does not take as they are (RFC 8259 §7). */

/** `\u0001`: what the worst byte grows to. */
export const escapeBytesMax = 6;

const backslash = 0x5c;
const hexDigits = '0123456789abcdef';

/** The letter of a two-character escape (`\n`), 0 where there is none. */
const shortEscape = new Uint8Array(0x5d);
for (const [code, letter] of [...'\b\t\n\f\r"\\'].map((char, at) => [char.charCodeAt(0), 'btnfr"\\'.charCodeAt(at)] as const))
  shortEscape[code] = letter;

/** Writes a control, quote or backslash and returns where it ends. LangSmith refuses NUL, which becomes U+FFFD. */
export function writeEscape(target: Uint8Array, at: number, byte: number): number {
  if (byte === 0) return writeReplacement(target, at);
  target[at++] = backslash;
  const letter = shortEscape[byte];
  if (letter) {
    target[at++] = letter;
    return at;
  }
  for (const char of ['u', '0', '0', hexDigits[byte >> 4]!, hexDigits[byte & 15]!]) target[at++] = char.charCodeAt(0);
  return at;
}

export function writeReplacement(target: Uint8Array, at: number): number {
  target[at++] = 0xef;
  target[at++] = 0xbf;
  target[at++] = 0xbd;
  return at;
}

/** Length of the valid UTF-8 sequence (RFC 3629, table 3-7 of Unicode) that begins at `at` with a byte over 0x7f; 0 if there is none. */
export function sequenceSize(source: Uint8Array, at: number, end: number): number {
  const first = source[at]!;
  if (first < 0xc2 || first > 0xf4) return 0;
  const size = first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
  if (at + size > end) return 0;
  const second = source[at + 1]!;
  const low = first === 0xe0 ? 0xa0 : first === 0xf0 ? 0x90 : 0x80;
  const high = first === 0xed ? 0x9f : first === 0xf4 ? 0x8f : 0xbf;
  if (second < low || second > high) return 0;
  for (let more = 2; more < size; more++) if ((source[at + more]! & 0xc0) !== 0x80) return 0;
  return size;
}
