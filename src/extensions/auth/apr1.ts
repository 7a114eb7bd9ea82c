import { createHash } from 'node:crypto';

const alphabet = './0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const rounds = 1_000;
/** Which three bytes of the digest make four characters, in this order. */
const groups = [
  [0, 6, 12],
  [1, 7, 13],
  [2, 8, 14],
  [3, 9, 15],
  [4, 10, 5],
] as const;

const md5 = (...parts: readonly Uint8Array[]): Buffer => {
  const hash = createHash('md5');
  for (const part of parts) hash.update(part);
  return hash.digest();
};

/** Apache's MD5 password hash, `$apr1$<salt>$<22 characters>`. Source: apr_md5_encode in Apache Portable Runtime. */
export function apr1(text: string, saltText: string): string {
  const password = Buffer.from(text);
  const salt = Buffer.from(saltText.slice(0, 8));
  const inner = md5(password, salt, password);
  const first: Uint8Array[] = [password, Buffer.from('$apr1$'), salt];
  for (let left = password.length; left > 0; left -= 16) first.push(inner.subarray(0, Math.min(16, left)));
  // One byte for each bit of the length: 0 where it is set, else the first byte of the password.
  for (let bits = password.length; bits > 0; bits >>= 1) first.push((bits & 1) === 1 ? Buffer.alloc(1) : password.subarray(0, 1));
  let digest = md5(...first);
  for (let round = 0; round < rounds; round++) {
    const odd = (round & 1) === 1;
    const parts: Uint8Array[] = [odd ? password : digest];
    if (round % 3 !== 0) parts.push(salt);
    if (round % 7 !== 0) parts.push(password);
    parts.push(odd ? digest : password);
    digest = md5(...parts);
  }
  return `$apr1$${salt.toString()}$${encode(digest)}`;
}

function encode(digest: Buffer): string {
  const at = (index: number): number => digest[index] as number;
  let text = '';
  for (const [high, middle, low] of groups) text += characters((at(high) << 16) | (at(middle) << 8) | at(low), 4);
  return text + characters(at(11), 2);
}

function characters(value: number, count: number): string {
  let text = '';
  for (let index = 0; index < count; index++) text += alphabet[(value >> (6 * index)) & 63];
  return text;
}
