import { createHash } from 'node:crypto';

/** Namespace of the sink's own names; any fixed UUID serves. */
const namespace = Buffer.from('6b6f7a5e1d0c4d0b9a3f5e2c7a91d3b8', 'hex');

const pattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

export function isUuid(value: unknown): value is string {
  return typeof value === 'string' && pattern.test(value);
}

/** Name-based UUID (RFC 9562 §5.5, version 5): the same name has the same id in every run of the sink. */
export function uuidOfName(name: string): string {
  const hash = createHash('sha1').update(namespace).update(name).digest();
  hash[6] = ((hash[6] as number) & 0x0f) | 0x50;
  hash[8] = ((hash[8] as number) & 0x3f) | 0x80;
  const hex = hash.toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20, 32)}`;
}
