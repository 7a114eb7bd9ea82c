/**
 * The `otlp_http` and `otlp_grpc` exporters: the data as it is, to any OTLP backend. Read this file first.
 *
 *   consume ─► requests.ts: split to size ─► journal.append ─► receipt                                  (any replica)
 *   journal ─► partition-sender ─► delivery: until settled ─► lane: when ─► sender: HTTP or gRPC        (the replica that owns the partition)
 *                  └ acknowledged, or dead letters, in one commit
 *
 * At least once: a request whose answer was lost, or that was on the way when its owner died, is sent again. Backends that must not count twice
 * recognise spans by their ids.
 */
import type { Storage } from '../../journal/journal.ts';
import type { Deps, Exporter, HeadersSetter } from '../../model/component.ts';
import { CallerHeaders } from '../sealing/caller-headers.ts';
import { KeySealer } from '../sealing/key-sealer.ts';
import { sealingKeys } from '../sealing/sealing-keys.ts';
import { DirectExporter } from './direct-exporter.ts';
import { namesSignal } from './endpoint-url.ts';
import { GrpcSender } from './grpc-sender.ts';
import { HttpSender } from './http-sender.ts';
import { durabilityOf } from './queue-limits.ts';
import { QueuedExporter } from './queued-exporter.ts';
import type { HeadersOf, Sender } from './sender.ts';
import { type GrpcSettings, grpcSchema, type HeaderSettings, type HttpSettings, httpSchema, type QueueSettings } from './settings.ts';

export interface OtlpExporterDeps extends Deps {
  /** A storage extension by its id. */
  storage(extensionId: string): Storage;
  /** For queues without a storage: outlives an exporter, so that the one that follows it after a reload takes over what waits. */
  readonly memoryStorage: Storage;
  /** A `headers_setter` extension by its id. */
  headersSetter(extensionId: string): HeadersSetter;
}

export const otlpHttpExporter = {
  kind: 'exporter',
  type: 'otlp_http',
  aliases: ['otlphttp'],
  summary: 'Sends spans and log records as they are to any OTLP backend, over HTTP.',
  signals: ['traces', 'logs'],
  stability: 'beta',
  schema: httpSchema,
  create: (config: unknown, deps: OtlpExporterDeps): Exporter => {
    const settings = config as HttpSettings;
    if (namesSignal(settings))
      deps.observer.log('warn', 'endpoint is a base URL, but names the path of a signal; it is not doubled', { exporter: deps.id });
    return exporterOf(settings, deps, (headersOf) => new HttpSender(settings, deps.clock, headersOf));
  },
} as const;

export const otlpGrpcExporter = {
  kind: 'exporter',
  type: 'otlp_grpc',
  aliases: ['otlp'],
  summary: 'Sends spans and log records as they are to any OTLP backend, over gRPC.',
  signals: ['traces', 'logs'],
  stability: 'beta',
  schema: grpcSchema,
  create: (config: unknown, deps: OtlpExporterDeps): Exporter => {
    const settings = config as GrpcSettings;
    return exporterOf(settings, deps, (headersOf) => new GrpcSender(settings, deps.clock, headersOf));
  },
} as const;

type Settings = QueueSettings & HeaderSettings;

function exporterOf(settings: Settings, deps: OtlpExporterDeps, senderOf: (headersOf: HeadersOf) => Sender): Exporter {
  const { enabled, storage: storageId, batch, block_on_overflow, wait_for_result } = settings.sending_queue;
  const withoutEffect = Object.entries({ batch, block_on_overflow, wait_for_result }).flatMap(([name, given]) => (given ? [name] : []));
  if (withoutEffect.length > 0)
    deps.observer.log('warn', 'settings of sending_queue have no effect here', { exporter: deps.id, settings: withoutEffect });
  const storage = enabled && storageId !== undefined ? deps.storage(storageId) : deps.memoryStorage;
  const callerHeaders = callerHeadersOf(settings, deps, storage);
  const sender = senderOf(({ sealedHeaders }) => (sealedHeaders === '' ? settings.headers : callerHeaders?.unseal(sealedHeaders)));
  if (!enabled) return new DirectExporter(deps, sender, settings.max_request_bytes, callerHeaders);
  return new QueuedExporter(settings, deps, sender, storage, callerHeaders);
}

function callerHeadersOf(settings: Settings, deps: OtlpExporterDeps, storage: Storage): CallerHeaders | undefined {
  const { auth, key_sealing, headers, sending_queue } = settings;
  if (!auth) return undefined;
  const inMemory = durabilityOf(sending_queue) === 'memory' || !sending_queue.enabled;
  const createSealer = (): KeySealer => new KeySealer(sealingKeys(key_sealing?.key ?? [], storage, inMemory));
  return new CallerHeaders(deps.headersSetter(auth.authenticator), headers, createSealer);
}
