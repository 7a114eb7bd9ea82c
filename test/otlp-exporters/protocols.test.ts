import { afterEach, describe, expect, test } from 'vitest';
import { namesSignal, signalUrl } from '../../src/exporters/otlp/endpoint-url.ts';
import { grpcSchema, type HttpSettings, httpSchema } from '../../src/exporters/otlp/settings.ts';
import { asBytes } from '../../src/model/bytes.ts';
import { exportResponse, readPartialSuccess, readStatus, statusMessage } from '../../src/otlp/otlp.ts';
import { startReceiver } from '../receivers/running-receiver.ts';
import { logRecords, namesOf, spans, startExporter, startGrpcBackend, until, type World } from './world.ts';

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

async function receiver() {
  const started = await startReceiver();
  open.push({ close: () => started.stop() });
  return started;
}

async function exporter(...given: Parameters<typeof startExporter>): Promise<World> {
  const world = await startExporter(...given);
  open.push({ close: () => world.stop(200) });
  return world;
}

const settled = (world: World) => (): boolean => world.exporter.balance().waiting === 0;

describe('a real OTLP receiver takes', () => {
  for (const compression of ['gzip', 'zstd', 'none'])
    for (const encoding of ['proto', 'json'])
      test(`HTTP with ${encoding} and ${compression}`, async () => {
        const backend = await receiver();
        const world = await exporter('otlp_http', { endpoint: backend.url, compression, encoding });
        await world.exporter.consume(spans(5));
        await world.exporter.consume(logRecords(2));
        await until(settled(world));
        expect(backend.batches.flatMap(namesOf).sort()).toEqual(['log-0', 'log-1', 'span-0', 'span-1', 'span-2', 'span-3', 'span-4']);
      });

  for (const compression of ['gzip', 'none'])
    test(`gRPC with ${compression}`, async () => {
      const backend = await receiver();
      const world = await exporter('otlp_grpc', { endpoint: backend.grpcAddress, compression, tls: { insecure: true } });
      await world.exporter.consume(spans(5));
      await world.exporter.consume(logRecords(2));
      await until(settled(world));
      expect(backend.batches.flatMap(namesOf).sort()).toEqual(['log-0', 'log-1', 'span-0', 'span-1', 'span-2', 'span-3', 'span-4']);
    });

  test('gRPC by a URL, with headers as metadata', async () => {
    const backend = await receiver();
    const world = await exporter('otlp_grpc', { endpoint: `http://${backend.grpcAddress}`, headers: { 'X-Tenant': 'acme' } });
    await world.exporter.consume(spans(1));
    await until(settled(world));
    expect(backend.batches[0]?.caller.metadata.get('x-tenant')).toEqual(['acme']);
  });
});

describe('gRPC answers', () => {
  test('UNAVAILABLE, and RESOURCE_EXHAUSTED with RetryInfo, are tried again', async () => {
    const details = (code: number): Buffer => Buffer.from(statusMessage(code, 'later', 20, 'protobuf'));
    const { Metadata } = (await import('@grpc/grpc-js')).default;
    const answers = [14, 8].map((code) => {
      const metadata = new Metadata();
      metadata.set('grpc-status-details-bin', details(code));
      return { code, details: 'later', metadata };
    });
    const backend = await startGrpcBackend(() => answers.shift());
    open.push({ close: async () => backend.close() });
    const world = await exporter('otlp_grpc', { endpoint: backend.address, tls: { insecure: true } });
    await world.exporter.consume(spans(2));
    await until(settled(world));
    expect(backend.got).toEqual([['span-0', 'span-1']]);
  });

  test('a message over the server’s limit is halved', async () => {
    const backend = await startGrpcBackend((names) =>
      names.length > 3 ? { code: 8, details: 'Received message larger than max (5 vs. 4)' } : undefined,
    );
    open.push({ close: async () => backend.close() });
    const world = await exporter('otlp_grpc', { endpoint: backend.address, tls: { insecure: true } });
    await world.exporter.consume(spans(8));
    await until(settled(world));
    expect(backend.got.flat().sort()).toEqual(Array.from({ length: 8 }, (_, index) => `span-${index}`));
    expect(backend.got.length).toBe(4);
  });

  test('INVALID_ARGUMENT and a quota without RetryInfo become dead letters; a partial success is counted', async () => {
    const answers = [
      { code: 3, details: 'no' },
      { code: 8, details: 'quota' },
      exportResponse('traces', { rejected: 1, message: '' }, 'protobuf'),
    ];
    const backend = await startGrpcBackend(() => answers.shift());
    open.push({ close: async () => backend.close() });
    const world = await exporter('otlp_grpc', { endpoint: backend.address, tls: { insecure: true } });
    for (const count of [1, 2, 2]) {
      await world.exporter.consume(spans(count));
      await until(settled(world));
    }
    expect(world.exporter.balance()).toEqual({ stored: 5, duplicate: 0, delivered: 1, deadLettered: 4, waiting: 0 });
  });
});

describe('where traces and logs go', () => {
  const urls = (given: object) => {
    const settings = httpSchema.parse(given) as HttpSettings;
    return [signalUrl(settings, 'traces')?.href, signalUrl(settings, 'logs')?.href, namesSignal(settings)];
  };

  for (const [given, traces, logs, named] of [
    [{ endpoint: 'https://a.example' }, 'https://a.example/v1/traces', 'https://a.example/v1/logs', false],
    [{ endpoint: 'https://a.example/otel/' }, 'https://a.example/otel/v1/traces', 'https://a.example/otel/v1/logs', false],
    [{ endpoint: 'https://a.example/otel/v1/traces' }, 'https://a.example/otel/v1/traces', 'https://a.example/otel/v1/logs', true],
    [{ endpoint: 'https://a.example/v1/traces/v1/traces/' }, 'https://a.example/v1/traces', 'https://a.example/v1/logs', true],
    [{ traces_endpoint: 'https://a.example/x?y=1' }, 'https://a.example/x?y=1', undefined, false],
  ] as const)
    test(`${JSON.stringify(given)} is ${traces}`, () => expect(urls(given)).toEqual([traces, logs, named]));

  test('without an endpoint the configuration is refused in the Collector’s words', () => {
    expect(httpSchema.safeParse({}).error?.issues[0]?.message).toMatch(/^at least one endpoint must be specified/);
  });

  test('half a client certificate is refused', () => {
    expect(grpcSchema.safeParse({ endpoint: 'a:1', tls: { cert_file: 'x' } }).error?.issues[0]?.message).toMatch(
      /both a certificate and a key/,
    );
  });
});

describe('a server’s answer', () => {
  for (const encoding of ['protobuf', 'json'] as const)
    test(`of partial success is read from ${encoding}`, () => {
      const said = { rejected: 3, message: 'three were late' };
      expect(readPartialSuccess(exportResponse('traces', said, encoding), encoding)).toEqual(said);
    });

  test('of failure tells when to come back', () => {
    expect(readStatus(statusMessage(14, 'busy', 1_500, 'protobuf'))).toEqual({ message: 'busy', retryAfterMs: 1_500 });
    expect(readStatus(statusMessage(14, 'busy', undefined, 'protobuf'))).toEqual({ message: 'busy', retryAfterMs: undefined });
  });

  test('that is nonsense says nothing', () => {
    const nonsense = asBytes(Buffer.from('<html>nginx</html>'));
    expect(readPartialSuccess(nonsense, 'protobuf')).toEqual({ rejected: 0, message: '' });
    expect(readPartialSuccess(nonsense, 'json')).toEqual({ rejected: 0, message: '' });
    expect(readStatus(nonsense)).toBeUndefined();
  });
});
