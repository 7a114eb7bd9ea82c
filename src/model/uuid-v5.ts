import { bytes } from './bytes.ts';
import { sha1 } from './hash/sha1.ts';

/** A UUID of version 5 (RFC 9562 §5.5); the namespace is a part of the name, as text. */
export function uuidV5(namespace: string, name: string): string {
  const digest = sha1(bytes.from(`spanway:${namespace}:${name}`));
  const variant = (8 + (Number.parseInt(digest[16] as string, 16) & 3)).toString(16);
  return `${digest.slice(0, 8)}-${digest.slice(8, 12)}-5${digest.slice(13, 16)}-${variant}${digest.slice(17, 20)}-${digest.slice(20, 32)}`;
}
