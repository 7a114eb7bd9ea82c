import type { Batch, Caller, Signal } from './batch.ts';
import type { Clock } from './clock.ts';
import type { HttpPost } from './http-post.ts';
import type { DropReason, Observer } from './observer.ts';
import type { Receipt } from './receipt.ts';
import type { Secret } from './secret.ts';

/** The next step of a pipeline. Resolves when the data is held with the declared durability; rejects with a `Fault`. */
export type Consume = (batch: Batch) => Promise<Receipt>;

/** What a factory gets from the program, beside what the user wrote. */
export interface Deps {
  /** The component's full id, e.g. `langsmith/acme`. */
  readonly id: string;
  readonly observer: Observer;
  readonly clock: Clock;
}

/** Bytes of memory: what the process uses, its buffers and garbage included, and what it may use (its cgroup's limit, else the machine's memory). */
export interface MemoryUse {
  readonly usedBytes: number;
  readonly totalBytes: number;
}

/** What processors and connectors get. They are pure, so this is all that they can ask of the world. */
export interface PipelineDeps extends Deps {
  memory(): MemoryUse;
  /** Everything waits meanwhile. */
  collectGarbage(): void;
  /** Fresh random bytes. */
  random(length: number): Uint8Array;
}

/** Connectors may ask somebody outside, and wait for the answer. */
export interface ConnectorDeps extends PipelineDeps {
  readonly post: HttpPost;
}

/** Synchronous and pure: a batch in, a batch out. It may change the batch it is given. Throws a `Fault` to refuse the whole batch. */
export interface Processor {
  readonly process: (batch: Batch) => Batch;
  /** How what it drops is counted. */
  readonly drops: DropReason;
  /** Whether it may change batches: a fan-out then copies. */
  readonly mutates: boolean;
}

/** Splits a batch over pipelines: synchronous and pure. Data that goes to no pipeline is counted as filtered. */
export interface Connector {
  /** What is waited for before that. It may change the batch; who sends waits, too. Rejects with a `Fault` to refuse the whole batch. */
  readonly prepare?: (batch: Batch) => Promise<Batch>;
  readonly route: (batch: Batch) => readonly { readonly pipeline: string; readonly batch: Batch }[];
}

export interface Receiver {
  start(): Promise<void>;
  /** Stops accepting, finishes the requests under way. Resolves at the latest when the deadline (ms since the epoch) has passed. */
  stop(deadlineMs: number): Promise<void>;
}

export interface Exporter {
  start(): Promise<void>;
  readonly consume: Consume;
  stop(deadlineMs: number): Promise<void>;
}

export interface Extension {
  start(): Promise<void>;
  stop(deadlineMs: number): Promise<void>;
}

/**
 * Checks who sends, by what came with the request and from which address: resolves with what it knows of them, rejects with a `Fault`
 * (unauthenticated, forbidden; busy, if the address tries too often).
 */
export type Authenticate = (metadata: ReadonlyMap<string, readonly string[]>, address: string) => Promise<ReadonlyMap<string, string>>;

/** An extension that receivers ask by its id (`auth.authenticator`). */
export interface Authenticator extends Extension {
  readonly authenticate: Authenticate;
}

/** Who sends a request: what is known before its body is read. */
export type Sender = Pick<Caller, 'address' | 'metadata' | 'auth'>;

/** What one sender may still use. */
export interface Allowance {
  /** `bytes` are those on the wire. Throws `GW_RECEIVE_TOO_BUSY`, with when to retry, if it is used up. */
  spend(of: 'requests' | 'bytes' | 'items', amount: number): void;
}

export type AllowanceOf = (sender: Sender) => Allowance;

/** An extension that receivers ask by its id (`middlewares`) how much a sender may send. */
export interface Limiter extends Extension {
  readonly allowanceOf: AllowanceOf;
}

/** An extension that exporters ask by its id (`auth.authenticator`) for the headers of their requests. */
export interface HeadersSetter extends Extension {
  /**
   * What changes of the configured headers, by what came with the data: names in lower case, null takes a header away. Throws a `Fault` if what came
   * cannot be a header.
   */
  readonly headersOf: (caller: Caller, configured: ReadonlyMap<string, Secret>) => ReadonlyMap<string, string | null>;
}

export type Stability = 'development' | 'alpha' | 'beta' | 'stable' | 'deprecated';

/** What every component type tells of itself. `schema` is a zod schema; `config/` checks and documents with it. */
export interface Factory<Kind extends string, Create> {
  readonly kind: Kind;
  readonly type: string;
  /** Older or other names that are accepted. */
  readonly aliases: readonly string[];
  /** One line for the reference. */
  readonly summary: string;
  readonly signals: readonly Signal[];
  readonly stability: Stability;
  readonly schema: unknown;
  readonly create: Create;
}

export type ProcessorFactory = Factory<'processor', (config: unknown, deps: PipelineDeps) => Processor>;
export type ConnectorFactory = Factory<'connector', (config: unknown, deps: ConnectorDeps, pipelines: readonly string[]) => Connector>;
