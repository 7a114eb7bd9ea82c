import { bytes } from '../../model/bytes.ts';
import { md5 } from '../../model/hash/md5.ts';
import { sha1 } from '../../model/hash/sha1.ts';
import { sha256 } from '../../model/hash/sha256.ts';
import { sha512 } from '../../model/hash/sha512.ts';
import type { Secret } from '../../model/secret.ts';
import { sha3 } from './sha3.ts';

export const hashFunctions = ['none', 'md5', 'sha1', 'sha3', 'hmac-sha256', 'hmac-sha512'] as const;
export type HashFunction = (typeof hashFunctions)[number];

type Digest = (message: Uint8Array) => string;
/** What stands in place of a text that must not be seen. */
export type Mask = (found: string) => string;

/** HMAC's inner block size in bytes, and so the length beyond which a key is hashed itself. */
const blockBytes = { 'hmac-sha256': 64, 'hmac-sha512': 128 } as const;
const keyed: Readonly<Record<keyof typeof blockBytes, Digest>> = { 'hmac-sha256': sha256, 'hmac-sha512': sha512 };
const plain = { md5, sha1, sha3 } as const satisfies Readonly<Record<string, Digest>>;

/** Key bytes that a keyed hash needs at least. */
export const keyBytesMin: Readonly<Partial<Record<HashFunction, number>>> = { 'hmac-sha256': 32, 'hmac-sha512': 64 };

export function createMask(name: HashFunction, key: Secret): Mask {
  switch (name) {
    case 'none':
      return () => '****';
    case 'md5':
    case 'sha1':
    case 'sha3': {
      const digest = plain[name];
      return (found) => digest(bytes.from(found, 'utf8'));
    }
    case 'hmac-sha256':
    case 'hmac-sha512': {
      const authenticate = hmac(keyed[name], blockBytes[name], bytes.from(key.reveal(), 'utf8'));
      return (found) => authenticate(bytes.from(found, 'utf8'));
    }
  }
}

/** Source: RFC 2104. */
export function hmac(digest: Digest, block: number, key: Uint8Array): Digest {
  const short = key.length > block ? bytes.from(digest(key), 'hex') : key;
  const inner = new Uint8Array(block).fill(0x36);
  const outer = new Uint8Array(block).fill(0x5c);
  for (let at = 0; at < short.length; at++) {
    inner[at] = (inner[at] as number) ^ (short[at] as number);
    outer[at] = (outer[at] as number) ^ (short[at] as number);
  }
  return (message) => digest(bytes.concat([outer, bytes.from(digest(bytes.concat([inner, message])), 'hex')]));
}
