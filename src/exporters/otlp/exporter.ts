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
import { MemoryStorage } from '../../journal/memory/memory-storage.ts';
import type { Deps, Exporter } from '../../model/component.ts';
import { DirectExporter } from './direct-exporter.ts';
import { namesSignal } from './endpoint-url.ts';
import { GrpcSender } from './grpc-sender.ts';
import { HttpSender } from './http-sender.ts';
import { QueuedExporter } from './queued-exporter.ts';
import type { Sender } from './sender.ts';
import { type GrpcSettings, grpcSchema, type HttpSettings, httpSchema, type QueueSettings } from './settings.ts';

export interface OtlpExporterDeps extends Deps {
  /** A storage extension by its id. */
  storage(extensionId: string): Storage;
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
    return exporterOf(settings, deps, new HttpSender(settings, deps.clock));
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
    return exporterOf(settings, deps, new GrpcSender(settings, deps.clock));
  },
} as const;

function exporterOf(settings: QueueSettings, deps: OtlpExporterDeps, sender: Sender): Exporter {
  const { enabled, storage } = settings.sending_queue;
  if (!enabled) return new DirectExporter(deps, sender, settings.max_request_bytes);
  return new QueuedExporter(
    settings,
    deps,
    sender,
    storage === undefined ? new MemoryStorage({ clock: deps.clock }) : deps.storage(storage),
  );
}
