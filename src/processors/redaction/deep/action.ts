/** What stands in place of what must not be seen. */
import { bytes } from '../../../model/bytes.ts';
import { sha256 } from '../../../model/hash/sha256.ts';
import type { Secret } from '../../../model/secret.ts';
import { createMask, type HashFunction, hmac } from '../mask.ts';

export const actions = ['mask', 'pseudonym', 'hash', 'truncate', 'drop', 'keep'] as const;
export type Action = (typeof actions)[number];

/** Hex digits of a pseudonym. */
const pseudonymDigits = 16;
/** Characters of a found text that `truncate` leaves: no detector finds anything in so few. */
const foundStart = 4;

export interface ReplacementSettings {
  /** `{detector}` stands for the name of the detector or rule. */
  readonly replacement: string;
  readonly pseudonym_key: Secret;
  readonly hash_function: HashFunction;
  readonly hmac_key: Secret;
}

export interface ReplacementOptions {
  readonly replacement?: string | undefined;
  /** Characters that `truncate` leaves of a whole value. */
  readonly lengthMax?: number | undefined;
}

export class Replacements {
  readonly #template: string;
  readonly #authenticate: (message: Uint8Array) => string;
  readonly #digest: (text: string) => string;

  constructor({ replacement, pseudonym_key, hash_function, hmac_key }: ReplacementSettings) {
    this.#template = replacement;
    this.#authenticate = hmac(sha256, 64, bytes.from(pseudonym_key.reveal(), 'utf8'));
    this.#digest = hash_function === 'none' ? (text) => sha256(bytes.from(text, 'utf8')) : createMask(hash_function, hmac_key);
  }

  /** `name`: of the detector or rule. `null`: the value goes. */
  of(action: Action, name: string, text: string, options: ReplacementOptions = {}): string | null {
    switch (action) {
      case 'keep':
        return text;
      case 'mask':
        return this.mask(name, options.replacement);
      case 'pseudonym':
        return `<${name}:${this.#pseudonym(name, text)}>`;
      case 'hash':
        return `<${name}:${this.#digest(text)}>`;
      case 'truncate':
        return truncated(text, options.lengthMax);
      case 'drop':
        return null;
    }
  }

  mask(name: string, template = this.#template): string {
    return template.replaceAll('{detector}', name);
  }

  /** HMAC-SHA256 of the name and the text, so that equal texts under different names cannot be joined. It has a letter: no number passes as one. */
  #pseudonym(name: string, text: string): string {
    const digest = this.#authenticate(bytes.from(`${name}\0${text}`, 'utf8'));
    const letter = digest.search(/[a-f]/);
    const start = letter < pseudonymDigits ? 0 : Math.min(letter, digest.length - pseudonymDigits);
    return digest.slice(start, start + pseudonymDigits);
  }
}

/** Its beginning and `…`, together `lengthMax` characters. Surrogates stay together. */
function truncated(text: string, lengthMax: number | undefined): string {
  if (lengthMax === undefined) return text.length > foundStart ? `${whole(text, foundStart)}…` : '…';
  return text.length <= lengthMax ? text : `${whole(text, Math.max(0, lengthMax - 1))}…`;
}

function whole(text: string, length: number): string {
  const code = text.charCodeAt(length - 1);
  return text.slice(0, code >= 0xd800 && code <= 0xdbff ? length - 1 : length);
}

/** Finds what earlier redaction left in a text: it is never redacted again. `masks`: texts of other forms than `<name>`. */
export function tokenPattern(names: readonly string[], masks: readonly string[]): RegExp {
  const literal = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
  const others = masks.filter((mask) => mask !== '' && !/^<\w+>$/.test(mask)).map((mask) => `|${literal(mask)}`);
  const digest = `:(?=[0-9]*[a-f])[0-9a-f]{${pseudonymDigits},128}`;
  return new RegExp(`<(?:(?:${names.map(literal).join('|')})(?:${digest})?|redacted(?:: over budget)?)>${others.join('')}`, 'g');
}
