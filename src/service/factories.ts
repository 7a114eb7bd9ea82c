/** What the program hands over to each kind of component, beside what the user wrote. */
import type { AdminDeps } from '../extensions/admin.ts';
import type { HealthDeps } from '../extensions/health-check.ts';
import type { Journal, Storage } from '../journal/journal.ts';
import type {
  AllowanceOf,
  Authenticate,
  Authenticator,
  ConnectorFactory,
  Consume,
  Deps,
  Exporter,
  Extension,
  Factory,
  HeadersSetter,
  Limiter,
  ProcessorFactory,
  Receiver,
} from '../model/component.ts';

export interface ReceiverDeps extends Deps {
  readonly consumeTraces: Consume | undefined;
  readonly consumeLogs: Consume | undefined;
  authenticator(extensionId: string): Authenticate;
  limiter(extensionId: string): AllowanceOf;
}

export interface ExporterDeps extends Deps {
  /** A storage extension by its id; a `Fault` if there is none of that name. */
  storage(extensionId: string): Storage;
  /** Journals of the process itself, for exporters without a storage: they outlive a reload. */
  readonly memoryStorage: Storage;
  /** A `headers_setter` extension by its id; a `Fault` if there is none of that name. */
  headersSetter(extensionId: string): HeadersSetter;
}

/** An exporter that keeps a journal tells its books. */
export interface JournaledExporter extends Exporter {
  readonly journal: Journal;
  /** Runs since the start, what was carried over included. */
  balance(): Balance;
  backlog?(): Backlog;
}

export interface Backlog {
  /** Sealed batches that are not settled. */
  readonly batches: number;
  readonly bytes: number;
  /** How long ago the oldest of them was sealed. */
  readonly oldestMs: number;
  /** Items that wait in the journal for a parent, a span or log records. */
  readonly parked: number;
  /** How long the time of the first of them has been over. */
  readonly overdueMs: number;
  /** How long ago the oldest was appended of those, and of the ones that wait for the same in memory; 0 if none waits. */
  readonly waitingMs: number;
}

export interface Balance {
  readonly stored: number;
  readonly duplicate: number;
  readonly delivered: number;
  readonly deadLettered: number;
  readonly waiting: number;
}

export interface ListeningReceiver extends Receiver {
  addresses(): { readonly http?: Address; readonly grpc?: Address };
  /** It looks at the files that it names by itself, and now: they change without a new receiver. */
  lookAtFiles?(): void;
  /** Goes on with the ports that it has in common with a receiver that it follows. Before its start, and before the other's stop. */
  takeOver?(former: Receiver): void;
}

export interface Address {
  readonly host: string;
  readonly port: number;
}

export type AnyExporter = Exporter | JournaledExporter;
export type AnyExtension = Extension | (Extension & Storage) | Authenticator | HeadersSetter | Limiter;

export type ReceiverFactory = Factory<'receiver', (config: unknown, deps: ReceiverDeps) => ListeningReceiver>;
export type ExporterFactory = Factory<'exporter', (config: unknown, deps: ExporterDeps) => AnyExporter>;
export type ExtensionFactory = Factory<'extension', (config: unknown, deps: AdminDeps & HealthDeps) => AnyExtension>;
export type AnyFactory = ReceiverFactory | ProcessorFactory | ExporterFactory | ConnectorFactory | ExtensionFactory;
