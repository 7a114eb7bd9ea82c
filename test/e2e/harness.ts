/** A real gateway and a real sink in this process, and the books that every end-to-end test closes with. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import { formatProblem, loadConfig } from '../../src/config/load.ts';
import type { Clock } from '../../src/model/clock.ts';
import { factories } from '../../src/service/components.ts';
import { type Gateway, startGateway } from '../../src/service/gateway.ts';
import { type Sink, startSink } from '../../src/sink/sink.ts';

export interface TestGateway {
  readonly httpUrl: string;
  readonly grpcUrl: string;
  readonly gateway: Gateway;
  readonly lines: string[];
  balance(): { stored: number; duplicate: number; delivered: number; deadLettered: number; waiting: number };
  stop(graceMs?: number): Promise<void>;
}

export interface TestGatewayOptions {
  readonly sinkUrl: string;
  /** Where the journal stands; without it the journal is in memory. */
  readonly directory?: string;
  readonly exporter?: Record<string, unknown>;
  readonly storage?: Record<string, unknown>;
  readonly receiver?: Record<string, unknown>;
  readonly clock?: Clock;
}

export function temporaryDirectory(): { readonly path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), 'spanway-e2e-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

export function strictSink(options: Partial<Parameters<typeof startSink>[0]> = {}): Promise<Sink> {
  return startSink({ host: '127.0.0.1', port: 0, ...options });
}

export function gatewayConfig({ sinkUrl, directory, exporter, storage, receiver }: TestGatewayOptions): object {
  const store = directory === undefined ? 'memory_storage' : 'file_storage';
  return {
    receivers: { otlp: { protocols: { http: { endpoint: '127.0.0.1:0' }, grpc: { endpoint: '127.0.0.1:0' } }, ...receiver } },
    exporters: {
      langsmith: {
        endpoint: sinkUrl,
        api_key: 'test-key',
        project: 'e2e',
        sending_queue: { storage: store, durability: directory === undefined ? 'memory' : 'disk' },
        batch: { flush_timeout: '50ms' },
        retry_on_failure: { initial_interval: '50ms', max_interval: '200ms' },
        ...exporter,
      },
    },
    extensions: { [store]: directory === undefined ? {} : { directory, ...storage } },
    service: {
      extensions: [store],
      telemetry: { metrics: { level: 'none' } },
      pipelines: { traces: { receivers: ['otlp'], exporters: ['langsmith'] }, logs: { receivers: ['otlp'], exporters: ['langsmith'] } },
    },
  };
}

export async function startTestGateway(options: TestGatewayOptions): Promise<TestGateway> {
  const lines: string[] = [];
  const loaded = await loadConfig({ uris: [`yaml:${JSON.stringify(gatewayConfig(options))}`], sets: [], env: {}, factories });
  if (!loaded.ok) throw new Error(loaded.problems.map(formatProblem).join('\n'));
  const gateway = await startGateway(loaded.config, {
    emit: (level, sentence, facts) => void lines.push(`${level} ${sentence} ${JSON.stringify(facts)}`),
    ...(options.clock ? { clock: options.clock } : {}),
  });
  const { http, grpc } = gateway.service.receivers.get('otlp')?.addresses() ?? {};
  const [journaled] = [...gateway.service.journaled()];
  return {
    httpUrl: `http://127.0.0.1:${http?.port}`,
    grpcUrl: `http://127.0.0.1:${grpc?.port}`,
    gateway,
    lines,
    balance: () => journaled?.[1].balance() ?? { stored: 0, duplicate: 0, delivered: 0, deadLettered: 0, waiting: 0 },
    stop: (graceMs = 5_000) => gateway.stop(graceMs),
  };
}

/** Waits for a condition; fails with what `describe` says when it does not come true. */
export async function until(condition: () => boolean | Promise<boolean>, describe: () => string, timeoutMs = 60_000): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`it did not come true in ${timeoutMs} ms: ${describe()}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** Sum of a metric over its labels and over gateways. */
async function sum(gateways: readonly TestGateway[], name: string): Promise<number> {
  let total = 0;
  for (const { gateway } of gateways) {
    const text = await gateway.telemetry.metrics.text();
    for (const line of text.split('\n')) {
      if (line.startsWith(`${name}{`) || line.startsWith(`${name} `)) total += Number(line.slice(line.lastIndexOf(' ') + 1));
    }
  }
  return total;
}

/**
 * The conservation equations of the promise, over all gateways of a journal:
 * received = rejected + refused + unsupported + filtered + sampled out + duplicate + stored, and, for each, stored = delivered + dead-lettered + waiting.
 */
export async function expectConserved(...gateways: readonly TestGateway[]): Promise<void> {
  let kept = 0;
  for (const { balance } of gateways) {
    const { stored, duplicate, delivered, deadLettered, waiting } = balance();
    expect({ stored, is: delivered + deadLettered + waiting }).toEqual({ stored, is: stored });
    kept += stored + duplicate;
  }
  const received = await sum(gateways, 'spanway_received_items');
  const rejected = await sum(gateways, 'spanway_rejected_items');
  const dropped = await sum(gateways, 'spanway_dropped_items');
  const refused = await sum(gateways, 'otelcol_receiver_refused_spans');
  const unsupported = await sum(gateways, 'spanway_unsupported_items');
  expect({ received, is: rejected + refused + unsupported + dropped + kept }).toEqual({ received, is: received });
}
