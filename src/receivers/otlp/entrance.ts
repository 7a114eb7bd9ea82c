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

const noMetadata = (): Metadata => new Map();
const unlimited: Allowance['spend'] = () => {};

/** Most senders' headers are never looked at, so they are read when the first one asks. */
class RequestCaller implements Caller {
  readonly address: string;
  readonly receiver: string;
  readonly transport: Caller['transport'];
  readonly receivedAtMs: number;
  declare readonly auth?: NonNullable<Caller['auth']>;
  readonly #read: () => Metadata;
  #metadata: Metadata | undefined;

  constructor(address: string, receiver: string, transport: Caller['transport'], receivedAtMs: number, read: () => Metadata) {
    this.address = address;
    this.receiver = receiver;
    this.transport = transport;
    this.receivedAtMs = receivedAtMs;
    this.#read = read;
  }

  get metadata(): Metadata {
    return (this.#metadata ??= this.#read());
  }
}

export class Entrance {
  readonly #transport: Caller['transport'];
  readonly #deps: EntranceDeps;

  constructor(transport: Caller['transport'], deps: EntranceDeps) {
    this.#transport = transport;
    this.#deps = deps;
  }

  /** Throws or rejects with a `Fault` for whoever is not let in. */
  enter(metadata: () => Metadata, address: string): Visitor | Promise<Visitor> {
    const { authenticate, allowances } = this.#deps;
    if (authenticate) return this.#authenticated(authenticate, metadata(), address);
    const caller = this.#caller(metadata, address);
    if (allowances.length === 0) return { caller, spend: unlimited };
    return { caller, spend: this.#spendOf({ address, metadata: metadata() }) };
  }

  async #authenticated(authenticate: Authenticate, metadata: Metadata, address: string): Promise<Visitor> {
    const auth = await authenticate(metadata, address);
    const caller = this.#caller(() => metadata, address);
    return {
      caller: auth ? Object.assign(caller, { auth }) : caller,
      spend: this.#spendOf({ address, metadata, ...(auth ? { auth } : {}) }),
    };
  }

  #caller(metadata: () => Metadata, address: string): RequestCaller {
    const { id, includeMetadata, now } = this.#deps;
    return new RequestCaller(address, id, this.#transport, now(), includeMetadata ? metadata : noMetadata);
  }

  #spendOf(sender: Parameters<AllowanceOf>[0]): Allowance['spend'] {
    const given = this.#deps.allowances.map((allowanceOf) => allowanceOf(sender));
    return (of, amount) => {
      for (const allowance of given) allowance.spend(of, amount);
    };
  }
}
