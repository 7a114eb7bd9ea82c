import { createHmac, randomBytes } from 'node:crypto';

/**
 * What is known of callers, found by their credential. Credentials are kept and looked up as keyed hashes: the time of a look-up tells nothing about
 * them, because nobody outside knows the key, and neither they nor their lengths stand in memory as such.
 */
export class Credentials<Known> {
  readonly #key = randomBytes(32);
  readonly #known = new Map<string, Known>();

  constructor(pairs: Iterable<readonly [credential: string, known: Known]> = []) {
    for (const [credential, known] of pairs) this.add(credential, known);
  }

  get size(): number {
    return this.#known.size;
  }

  add(credential: string, known: Known): void {
    this.#known.set(this.#hash(credential), known);
  }

  find(credential: string): Known | undefined {
    return this.#known.get(this.#hash(credential));
  }

  #hash(credential: string): string {
    return createHmac('sha256', this.#key).update(credential).digest('base64');
  }
}
