/** Reloads of a gateway whose exporters are OTLP ones, under load: every acknowledged span arrives. */
import { afterEach, expect, test } from 'vitest';
import { formatProblem, loadConfig, type ServiceConfig } from '../../src/config/load.ts';
import { factories } from '../../src/service/components.ts';
import { startGateway } from '../../src/service/gateway.ts';
import { temporaryDirectory, until } from '../e2e/harness.ts';
import { startBackend } from '../otlp-exporters/world.ts';
import { Load } from './load.ts';

const open: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

interface Setup {
  readonly endpoint: string;
  readonly directory: string;
  readonly http: string;
  readonly grpc: string;
  readonly tenant: string;
  readonly storage: 'file_storage' | undefined;
}

async function configOf({ endpoint, directory, http, grpc, tenant, storage }: Setup): Promise<ServiceConfig> {
  const document = {
    receivers: { otlp: { protocols: { http: { endpoint: http }, grpc: { endpoint: grpc } } } },
    exporters: {
      otlp_http: {
        endpoint,
        headers: { 'x-tenant': tenant },
        sending_queue: { ...(storage ? { storage } : {}) },
        retry_on_failure: { initial_interval: '20ms', max_interval: '100ms' },
      },
    },
    extensions: { file_storage: { directory } },
    service: {
      extensions: ['file_storage'],
      telemetry: { metrics: { level: 'none' } },
      pipelines: { traces: { receivers: ['otlp'], exporters: ['otlp_http'] } },
    },
  };
  const loaded = await loadConfig({ uris: [`yaml:${JSON.stringify(document)}`], sets: [], env: {}, factories });
  if (!loaded.ok) throw new Error(loaded.problems.map(formatProblem).join('\n'));
  return loaded.config;
}

test.each(['file_storage', undefined] as const)(
  'with the queue in %s, reloads under load lose no acknowledged span',
  async (storage) => {
    const directory = temporaryDirectory();
    open.push(directory.remove);
    let answers = 0;
    // Every seventh request is put off, so that a swap always finds something waiting.
    const backend = await startBackend(() => (++answers % 7 === 0 ? { status: 503 } : undefined));
    open.push(backend.close);
    const setup = { endpoint: backend.url, directory: directory.path, http: '127.0.0.1:0', grpc: '127.0.0.1:0', tenant: 't0', storage };
    const gateway = await startGateway(await configOf(setup), { emit: () => {} });
    open.push(() => gateway.stop(5_000));
    const addresses = gateway.service.receivers.get('otlp')?.addresses();
    const load = new Load(
      { http: () => `http://127.0.0.1:${addresses?.http?.port}`, grpc: () => `127.0.0.1:${addresses?.grpc?.port}` },
      { http: 3, grpc: 2 },
    );
    for (const tenant of ['t1', 't2', 't3', 't4']) {
      const before = load.acknowledged.length;
      await gateway.reload(await configOf({ ...setup, tenant }));
      await until(
        () => load.acknowledged.length >= before + 100,
        () => `${load.acknowledged.length} acknowledged; ${load.failures.join()}`,
      );
    }
    await load.stop();
    expect(load.failures).toEqual([]);
    const arrived = (): ReadonlySet<string> => new Set(backend.got.flatMap(({ names }) => names));
    await until(
      () => {
        const names = arrived();
        return load.acknowledged.every(({ spanId }) => names.has(`span ${spanId}`));
      },
      () => `${arrived().size} of ${load.acknowledged.length}`,
    );
    expect(new Set(backend.got.map(({ headers }) => headers['x-tenant'])).size).toBeGreaterThan(1);
  },
  60_000,
);
