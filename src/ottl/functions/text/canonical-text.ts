import { bytes } from '../../../model/bytes.ts';
import { stringLike } from '../../like.ts';
import type { OttlValue } from '../../value.ts';

/** A value as its one text: what the Collector's `Value.AsString` gives. Byte arrays are base64 here, unlike in `String` and `Concat`; nil is ''. */
export function canonicalText(value: OttlValue): string {
  if (value instanceof Uint8Array) return bytes.from(value.buffer, value.byteOffset, value.length).base64Slice();
  return stringLike(value) ?? '';
}
