/**
 * Tenants' API keys on their way through the journal.
 *
 *   sealed   v1.<which sealing key, 8 hex digits>.<nonce 12 bytes · tag 16 bytes · ciphertext, base64url>
 *
 * AES-256-GCM. The nonce is made of the sealing key and the text, so a key sealed twice is the same text, on every replica: what is equal may share a
 * batch. That two runs have the same key is known anyway, by its digest.
 */
import { createCipheriv, createDecipheriv, createHash, createHmac } from 'node:crypto';
import { Secret } from '../../model/secret.ts';

interface SealingKey {
  readonly id: string;
  readonly key: Buffer;
}

const version = 'v1';
const nonceBytes = 12;
const tagBytes = 16;

/** The first key seals, all of them unseal: a new one goes in front, and an old one leaves when nothing waits that it sealed. */
export class KeySealer {
  readonly #keys: readonly SealingKey[];

  constructor(keys: readonly Secret[]) {
    this.#keys = keys.map((secret) => {
      const key = createHash('sha256').update('spanway key sealing\n').update(secret.reveal()).digest();
      return { id: createHash('sha256').update('spanway sealing key id\n').update(key).digest('hex').slice(0, 8), key };
    });
  }

  seal(apiKey: Secret): string {
    const [{ id, key }] = this.#keys as [SealingKey];
    const text = apiKey.reveal();
    const nonce = createHmac('sha256', key).update(text).digest().subarray(0, nonceBytes);
    const cipher = createCipheriv('aes-256-gcm', key, nonce);
    const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
    return `${version}.${id}.${Buffer.concat([nonce, cipher.getAuthTag(), body]).toString('base64url')}`;
  }

  /** `undefined` if none of the keys sealed it, or it was changed. */
  unseal(sealed: string): Secret | undefined {
    const [said, id, text = ''] = sealed.split('.', 3);
    const found = said === version ? this.#keys.find((one) => one.id === id) : undefined;
    const content = Buffer.from(text, 'base64url');
    if (!found || content.length < nonceBytes + tagBytes) return undefined;
    try {
      const decipher = createDecipheriv('aes-256-gcm', found.key, content.subarray(0, nonceBytes));
      decipher.setAuthTag(content.subarray(nonceBytes, nonceBytes + tagBytes));
      return new Secret(Buffer.concat([decipher.update(content.subarray(nonceBytes + tagBytes)), decipher.final()]).toString('utf8'));
    } catch {
      return undefined;
    }
  }
}

/** 32 hex digits that tell one API key from another, the same wherever and with whatever it is sealed. Keys are random, so it gives nothing away. */
export function digestOf(apiKey: string): string {
  return createHash('sha256').update('spanway api key\n').update(apiKey).digest('hex').slice(0, 32);
}
