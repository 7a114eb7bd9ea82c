import type { Bytes } from '../../../model/bytes.ts';
import { internalized } from '../../../model/internalized.ts';

/**
 * Short ASCII texts (keys, roles, types) repeat from span to span: each is made once and found by its bytes. A table of fixed size, where a new
 * word takes the place of the one that was there, so that texts from outside cannot make it grow.
 */
const places = 2_048;
export const wordBytesMax = 24;

/** The text of a range of UTF-8. */
export function textAt(source: Bytes, start: number, end: number): string {
  if (end - start > wordBytesMax) return source.utf8Slice(start, end);
  for (let at = start; at < end; at++) if (source[at]! > 0x7f) return source.utf8Slice(start, end);
  return wordAt(source, start, end);
}

const words: string[] = new Array<string>(places).fill('');

/** The text of plain ASCII bytes, at most `wordBytesMax` of them. */
function wordAt(source: Bytes, start: number, end: number): string {
  let hash = end - start;
  for (let at = start; at < end; at++) hash = Math.imul(hash ^ source[at]!, 0x9e3779b1);
  const place = (hash ^ (hash >>> 15)) & (places - 1);
  const known = words[place]!;
  if (isSame(known, source, start, end)) return known;
  const word = internalized(source.latin1Slice(start, end));
  words[place] = word;
  return word;
}

function isSame(word: string, source: Bytes, start: number, end: number): boolean {
  if (word.length !== end - start) return false;
  for (let index = 0; index < word.length; index++) if (word.charCodeAt(index) !== source[start + index]) return false;
  return true;
}
