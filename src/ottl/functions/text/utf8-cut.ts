import { type Bytes, bytes } from '../../../model/bytes.ts';

/** The nearest start of a character at or before a byte offset. */
export function characterStartBefore(text: Uint8Array, offset: number): number {
  let at = offset;
  while (at > 0 && at < text.length && (text[at]! & 0xc0) === 0x80) at--;
  return at;
}

/** The nearest start of a character at or after a byte offset. */
export function characterStartAfter(text: Uint8Array, offset: number): number {
  let at = offset;
  while (at < text.length && (text[at]! & 0xc0) === 0x80) at++;
  return at;
}

/** The longest start of the text that fits, without half a character. A code unit is three bytes at most, so short texts are not measured. */
export function cutToBytes(text: string, bytesMax: number, marker: string, markerBytes: number): string {
  if (text.length * 3 <= bytesMax) return text;
  const encoded: Bytes = bytes.from(text, 'utf8');
  if (encoded.length <= bytesMax) return text;
  return encoded.utf8Slice(0, characterStartBefore(encoded, bytesMax - markerBytes)) + marker;
}
