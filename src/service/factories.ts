/** What the program hands over to each kind of component, beside what the user wrote. */
import type { HealthDeps } from '../extensions/health-check.ts';
import type { Journal, Storage } from '../journal/journal.ts';
import type {
  Authenticate,
  Authenticator,
  ConnectorFactory,
  Consume,
  Deps,
  Exporter,
  Extension,
  Factory,
  ProcessorFactory,
  Receiver,
} from '../model/component.ts';

export interface ReceiverDeps extends Deps {
  readonly consumeTraces: Consume | undefined;
  readonly consumeLogs: Consume | undefined;
  authenticator(extensionId: string): Authenticate;
}

export interface ExporterDeps extends Deps {
  /** A storage extension by its id; a `Fault` if there is none of that name. */
  storage(extensionId: string): Storage;
}

/** An exporter that keeps a journal tells its books. */
export interface JournaledExporter extends Exporter {
  readonly journal: Journal;
  /** Runs since the start, what was carried over included. */
  balance(): Balance;
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
}

export interface Address {
  readonly host: string;
  readonly port: number;
}

export type AnyExporter = Exporter | JournaledExporter;
export type AnyExtension = Extension | (Extension & Storage) | Authenticator;

export type ReceiverFactory = Factory<'receiver', (config: unknown, deps: ReceiverDeps) => ListeningReceiver>;
export type ExporterFactory = Factory<'exporter', (config: unknown, deps: ExporterDeps) => AnyExporter>;
export type ExtensionFactory = Factory<'extension', (config: unknown, deps: HealthDeps) => AnyExtension>;
export type AnyFactory = ReceiverFactory | ProcessorFactory | ExporterFactory | ConnectorFactory | ExtensionFactory;
