import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Fault } from '../model/fault.ts';
import { createApp } from './app.ts';
import { ok } from './exchange.ts';
import { Faults } from './faults.ts';
import { feedbackRoutes } from './feedback-routes.ts';
import { type InfoOverrides, infoWith } from './info.ts';
import { countingRoutes, ingestRoutes } from './ingest-routes.ts';
import { RecordLog } from './record-log.ts';
import { runRoutes } from './run-routes.ts';
import { sessionRoutes } from './session-routes.ts';
import { Store } from './store.ts';
import { toolRoutes } from './tool-routes.ts';
import { v2Routes } from './v2-routes.ts';

export interface SinkOptions {
  /** Default 127.0.0.1: the sink asks nobody who they are. */
  readonly host?: string;
  /** 0, the default, takes a free one. */
  readonly port?: number;
  /** Where runs are kept over a restart. Without it they live in memory. */
  readonly directory?: string | undefined;
  /** Refuses what LangSmith refuses (the default); otherwise takes what can be read, and only records the violations. */
  readonly strict?: boolean;
  /** `count` checks only that bodies are well formed, counts runs and keeps none: for benches. */
  readonly store?: 'full' | 'count';
  readonly info?: InfoOverrides;
  /** API keys that are accepted. Default: every key, and none. */
  readonly keys?: readonly string[];
  readonly requireKey?: boolean;
  /** Runs in memory, default 100 000; older ones cannot be read any more. */
  readonly runsMax?: number;
  /** Bytes of the runs in memory, default 512 MiB. */
  readonly runBytesMax?: number;
  /** Bytes of the directory, default 512 MiB; the oldest records are deleted. */
  readonly directoryBytesMax?: number;
  readonly log?: (sentence: string, facts: Readonly<Record<string, unknown>>) => void;
}

export interface Sink {
  /** Base URL, as for `LANGSMITH_ENDPOINT`; in a browser it shows the page. */
  readonly url: string;
  readonly port: number;
  readonly store: Store;
  readonly faults: Faults;
  /** Ends the connections too, those that hang included. */
  close(): Promise<void>;
}

const mebibyte = 1024 * 1024;
const keepAliveMs = 65_000;

/**
 * A local server that speaks LangSmith's API: it holds uploads to the contract, keeps the runs, gives them back to LangSmith's own clients, and
 * shows them on a page. Throws a `Fault` (GW_START_FAILED) where the address or the directory cannot be had.
 *
 * The way of an upload: `app` (faults, access, body) → `read-multipart` or `read-batch` → `ingest` (`validate`, `dotted-order`) → `store`.
 */
export async function startSink(options: SinkOptions = {}): Promise<Sink> {
  const { host = '127.0.0.1', port = 0, log = () => {} } = options;
  const server = createServer({ keepAliveTimeout: keepAliveMs });
  // The port comes first: whoever has it owns the directory.
  await listen(server, host, port);
  try {
    const store = new Store(limitsOf(options), options.directory === undefined ? undefined : logIn(options.directory, options));
    const faults = new Faults();
    server.on('request', appOf(store, faults, options, log));
    const address = server.address() as AddressInfo;
    return {
      url: `http://${urlHost(host)}:${address.port}`,
      port: address.port,
      store,
      faults,
      close: async () => {
        await closed(server);
        store.close();
      },
    };
  } catch (error) {
    await closed(server);
    throw error;
  }
}

function appOf(store: Store, faults: Faults, options: SinkOptions, log: NonNullable<SinkOptions['log']>): ReturnType<typeof createApp> {
  const info = infoWith(options.info);
  const { size_limit: operationsMax, size_limit_bytes: bytesMax } = info.batch_ingest_config;
  const counting = options.store === 'count';
  const ingestion = ingestRoutes(store, { strict: options.strict ?? true, operationsMax, bytesMax });
  return createApp({
    store,
    faults,
    access: { keys: options.keys, requireKey: options.requireKey ?? false },
    // A single run may be larger than a request of many.
    bodyBytesMax: Math.max(5 * bytesMax, 100 * mebibyte),
    openRoutes: [['get', '/info', () => ok(info)], ...toolRoutes(store, faults)],
    routes: [
      ...(counting ? countingRoutes(store) : ingestion),
      ...runRoutes(store),
      ...v2Routes(store),
      ...sessionRoutes(store),
      ...feedbackRoutes(store),
      ['get', '/settings', ({ apiKey, workspaceId }) => ok(settingsOf(store.tenantOf(apiKey, workspaceId).id))],
    ],
    log,
  });
}

function settingsOf(tenantId: string): Record<string, unknown> {
  return { id: tenantId, display_name: 'Spanway sink', created_at: '2026-01-01T00:00:00Z', tenant_handle: null };
}

function limitsOf({ runsMax = 100_000, runBytesMax = 512 * mebibyte }: SinkOptions): ConstructorParameters<typeof Store>[0] {
  return { runsMax, bytesMax: runBytesMax, idsMax: 1_000_000, tenantsMax: 10_000, feedbackMax: 100_000 };
}

function logIn(directory: string, { directoryBytesMax = 512 * mebibyte }: SinkOptions): RecordLog {
  return new RecordLog({ directory, segmentBytesMax: Math.min(64 * mebibyte, directoryBytesMax / 4), bytesMax: directoryBytesMax });
}

function urlHost(host: string): string {
  if (host === '0.0.0.0' || host === '::') return '127.0.0.1';
  return host.includes(':') ? `[${host}]` : host;
}

function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(new Fault('GW_START_FAILED', `cannot start sink on ${host}:${port}: ${error.code}`, { cause: error })),
    );
    server.listen(port, host, resolve);
  });
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
