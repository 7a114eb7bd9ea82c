/** What every request passes before its body is read, whichever protocol brought it: who sends, and whether they may send so much. */
import type { Caller } from '../../model/batch.ts';
import type { Allowance, AllowanceOf, Authenticate } from '../../model/component.ts';

export interface EntranceDeps {
  readonly id: string;
  readonly authenticate: Authenticate | undefined;
  readonly allowances: readonly AllowanceOf[];
  readonly includeMetadata: boolean;
  readonly now: () => number;
}

export type Metadata = ReadonlyMap<string, readonly string[]>;

export interface Visitor {
  readonly caller: Caller;
  /** What middlewares let the caller use. Throws their `Fault`. */
  readonly spend: Allowance['spend'];
}

const noMetadata: Metadata = new Map();

export class Entrance {
  readonly #transport: Caller['transport'];
  readonly #deps: EntranceDeps;

  constructor(transport: Caller['transport'], deps: EntranceDeps) {
    this.#transport = transport;
    this.#deps = deps;
  }

  /** Rejects with a `Fault` for whoever is not let in. */
  async enter(metadata: Metadata, address: string): Promise<Visitor> {
    const { id, authenticate, allowances, includeMetadata, now } = this.#deps;
    const auth = authenticate ? await authenticate(metadata, address) : undefined;
    const sender = { address, metadata, ...(auth ? { auth } : {}) };
    const given = allowances.map((allowanceOf) => allowanceOf(sender));
    const caller: Caller = {
      ...sender,
      receiver: id,
      transport: this.#transport,
      metadata: includeMetadata ? metadata : noMetadata,
      receivedAtMs: now(),
    };
    return {
      caller,
      spend: (of, amount) => {
        for (const allowance of given) allowance.spend(of, amount);
      },
    };
  }
}
