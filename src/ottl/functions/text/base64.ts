import { type Bytes, bytes } from '../../../model/bytes.ts';
import { OttlError } from '../../fault.ts';

export const base64Variants = ['base64', 'base64-raw', 'base64-url', 'base64-raw-url'] as const;
export type Base64Variant = (typeof base64Variants)[number];

/** RFC 4648 §4 and §5; `raw` is without padding. */
export function encodeBase64(content: Bytes, variant: Base64Variant): string {
  let text = content.base64Slice();
  if (variant.endsWith('url')) text = text.replaceAll('+', '-').replaceAll('/', '_');
  return variant.includes('raw') ? text.replace(/=+$/, '') : text;
}

/** The opposite, strictly: a foreign character or wrong padding is an error. Line ends are skipped, as Go does. */
export function decodeBase64(text: string, variant: Base64Variant): Bytes {
  const plain = text.replace(/[\r\n]/g, '');
  const unpadded = plain.replace(/={1,2}$/, '');
  const alphabet = variant.endsWith('url') ? /^[A-Za-z0-9_-]*$/ : /^[A-Za-z0-9+/]*$/;
  const expected = variant.includes('raw') ? unpadded.length : Math.ceil(unpadded.length / 4) * 4;
  if (!alphabet.test(unpadded) || plain.length !== expected || unpadded.length % 4 === 1) {
    throw new OttlError(`cannot decode: the text is not valid ${variant}`);
  }
  return bytes.from(unpadded.replaceAll('-', '+').replaceAll('_', '/'), 'base64');
}
