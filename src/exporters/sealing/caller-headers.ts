/**
 * Headers that a caller's data is sent with, on their way through the journal.
 *
 *   caller ─ headers_setter ─► changes ─ sealed ─► journal ─ unsealed ─► headers of the request
 *
 * The changes are JSON, `[["x-debug", null], ["x-tenant", "acme"]]`, where null takes a configured header away. They are sealed because they may be
 * credentials.
 */
import type { Caller } from '../../model/batch.ts';
import type { HeadersSetter } from '../../model/component.ts';
import { Secret } from '../../model/secret.ts';
import { digestOf, type KeySealer } from './key-sealer.ts';

export type Headers = ReadonlyMap<string, Secret>;

/** Sealed changes. `key` tells one set from another whatever they are sealed with. */
export interface SealedHeaders {
  readonly key: string;
  readonly sealed: string;
}

export class CallerHeaders {
  readonly #setter: HeadersSetter;
  readonly #configured: Headers;
  readonly #createSealer: () => KeySealer;
  #sealer: KeySealer | undefined;
  #lastCaller: Caller | undefined;
  #last: SealedHeaders | undefined;

  constructor(setter: HeadersSetter, configured: Headers, createSealer: () => KeySealer) {
    this.#setter = setter;
    this.#configured = configured;
    this.#createSealer = createSealer;
  }

  /** Gets the sealing keys, which lie beside a journal: when that is open. Throws what `createSealer` throws. */
  open(): void {
    this.#sealer = this.#createSealer();
  }

  /** Throws the setter's `Fault` if what came cannot be a header. Spans of a request come one after the other, so the last answer is kept. */
  of(caller: Caller): SealedHeaders {
    if (this.#last && this.#lastCaller === caller) return this.#last;
    const changes = this.#setter.headersOf(caller, this.#configured);
    const text = JSON.stringify([...changes].sort(([one], [other]) => (one < other ? -1 : 1)));
    this.#last = { key: digestOf(text), sealed: (this.#sealer as KeySealer).seal(new Secret(text)) };
    this.#lastCaller = caller;
    return this.#last;
  }

  /** All headers of the request; `undefined` if the key that sealed them is not known here. */
  unseal(sealed: string): Headers | undefined {
    const text = this.#sealer?.unseal(sealed);
    if (!text) return undefined;
    const headers = new Map(this.#configured);
    for (const [name, value] of JSON.parse(text.reveal()) as [string, string | null][]) {
      if (value === null) headers.delete(name);
      else headers.set(name, new Secret(value));
    }
    return headers;
  }
}
