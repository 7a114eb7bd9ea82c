/** An exporter over a real journal, batches to give it, and backends whose answers the test decides. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';
import grpc from '@grpc/grpc-js';
import type { z } from 'zod';
import { otlpGrpcExporter, otlpHttpExporter } from '../../src/exporters/otlp/exporter.ts';
import type { QueuedExporter } from '../../src/exporters/otlp/queued-exporter.ts';
import type { Storage } from '../../src/journal/journal.ts';
import { MemoryStorage } from '../../src/journal/memory/memory-storage.ts';
import type { Batch, Caller, Logs, Traces } from '../../src/model/batch.ts';
import { asBytes, bytes } from '../../src/model/bytes.ts';
import type { HeadersSetter } from '../../src/model/component.ts';
import { decodeLogs, decodeTraces, logRecordOf, logsOf, resourceOf, scopeOf, spanOf, tracesOf } from '../../src/otlp/otlp.ts';
import { systemClock } from '../../src/service/clock.ts';
import { Metrics } from '../../src/service/telemetry/metrics.ts';
import { Telemetry } from '../../src/service/telemetry/telemetry.ts';

export const caller: Caller = { receiver: 'otlp', transport: 'http', address: '', metadata: new Map(), receivedAtMs: 0 };

/** Spans named `<prefix>-0`, `<prefix>-1`, …, in two resources of two scopes each. */
export function spans(count: number, prefix = 'span', padding = ''): Traces {
  const named = Array.from({ length: count }, (_, index) =>
    spanOf({
      traceId: `${index}`.padStart(32, 'a'),
      spanId: `${index}`.padStart(16, 'b'),
      name: `${prefix}-${index}`,
      attributes: new Map([['padding', padding]]),
    }),
  );
  const quarter = Math.ceil(count / 4);
  const scopeSpans = (from: number) => [
    { scope: scopeOf('one'), spans: named.slice(from * quarter, (from + 1) * quarter) },
    { scope: scopeOf('two'), spans: named.slice((from + 1) * quarter, (from + 2) * quarter) },
  ];
  const resource = (name: string) => resourceOf({ 'service.name': name });
  return tracesOf(caller, [
    { resource: resource('first'), scopeSpans: scopeSpans(0) },
    { resource: resource('second'), scopeSpans: scopeSpans(2) },
  ]);
}

export function logRecords(count: number): Logs {
  const records = Array.from({ length: count }, (_, index) => logRecordOf({ eventName: `log-${index}` }));
  return logsOf(caller, [{ resource: resourceOf({}), scopeLogs: [{ scope: scopeOf(''), logRecords: records }] }]);
}

export function namesOf(batch: Batch): string[] {
  if (batch.signal === 'logs')
    return batch.resourceLogs.flatMap(({ scopeLogs }) => scopeLogs.flatMap((group) => group.logRecords.map(({ eventName }) => eventName)));
  return batch.resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap((group) => group.spans.map(({ name }) => name)));
}

export interface World {
  readonly exporter: QueuedExporter;
  readonly telemetry: Telemetry;
  readonly lines: string[];
  metric(name: string): Promise<number>;
  stop(graceMs?: number): Promise<void>;
}

const fast = { initial_interval: '10ms', max_interval: '40ms' };

export async function startExporter(
  type: 'otlp_http' | 'otlp_grpc',
  settings: Readonly<Record<string, unknown>>,
  storage?: Storage,
  headersSetter?: HeadersSetter,
): Promise<World> {
  const lines: string[] = [];
  const emit = (level: string, sentence: string, facts: object): void => void lines.push(`${level} ${sentence} ${JSON.stringify(facts)}`);
  const telemetry = new Telemetry(new Metrics(Date.now(), Date.now), emit, Date.now);
  const factory = type === 'otlp_http' ? otlpHttpExporter : otlpGrpcExporter;
  const { retry_on_failure: retry = {}, sending_queue: queue = {}, ...rest } = settings;
  const given = {
    ...rest,
    retry_on_failure: { ...fast, ...(retry as object) },
    sending_queue: { ...(storage ? { storage: 'a_storage', durability: 'memory' } : {}), ...(queue as object) },
  };
  const config = (factory.schema as z.ZodType).parse(given);
  const exporter = factory.create(config, {
    id: type,
    observer: telemetry,
    clock: systemClock,
    storage: () => storage as Storage,
    memoryStorage: new MemoryStorage({ clock: systemClock }),
    headersSetter: () => headersSetter as HeadersSetter,
  }) as QueuedExporter;
  await exporter.start();
  return {
    exporter,
    telemetry,
    lines,
    async metric(name) {
      const text = await telemetry.metrics.text();
      const values = text.split('\n').filter((line) => line.startsWith(`${name}{`));
      return values.reduce((total, line) => total + Number(line.slice(line.lastIndexOf(' ') + 1)), 0);
    },
    stop: (graceMs = 2_000) => exporter.stop(Date.now() + graceMs),
  };
}

export interface Got {
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly names: readonly string[];
}

export interface Backend {
  readonly url: string;
  readonly got: Got[];
  /** Answers the request with this many items; `undefined` = 200. */
  answer: (
    got: Got,
  ) => { readonly status: number; readonly headers?: Record<string, string>; readonly body?: Uint8Array | string } | undefined;
  close(): Promise<void>;
}

/** An HTTP server that reads gzip and protobuf, and answers as it is told. */
export async function startBackend(answer: Backend['answer'] = () => undefined, port = 0): Promise<Backend> {
  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const sent = Buffer.concat(chunks);
    const body = asBytes(request.headers['content-encoding'] === 'gzip' ? gunzipSync(sent) : sent);
    const path = request.url ?? '';
    const { batch } = path.endsWith('/v1/logs') ? decodeLogs(body, caller) : decodeTraces(body, caller);
    const got = { path, headers: request.headers, names: namesOf(batch) };
    const told = backend.answer(got);
    if (!told) backend.got.push(got);
    response.writeHead(told?.status ?? 200, told?.headers ?? {}).end(told?.body ?? '');
  };
  const server = createServer((request, response) => void serve(request, response));
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const backend: Backend = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    got: [],
    answer,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return backend;
}

export interface GrpcBackend {
  readonly address: string;
  readonly got: (readonly string[])[];
  answer: (names: readonly string[]) => Partial<grpc.StatusObject> | Uint8Array | undefined;
  close(): void;
}

/** A gRPC server with the trace service only. */
export async function startGrpcBackend(answer: GrpcBackend['answer'] = () => undefined): Promise<GrpcBackend> {
  const same = (message: Buffer): Buffer => message;
  const path = '/opentelemetry.proto.collector.trace.v1.TraceService/Export';
  const server = new grpc.Server();
  const definition = {
    path,
    requestStream: false,
    responseStream: false,
    requestSerialize: same,
    requestDeserialize: same,
    responseSerialize: same,
    responseDeserialize: same,
  };
  server.addService(
    { export: definition },
    {
      export: (call: grpc.ServerUnaryCall<Buffer, Buffer>, callback: grpc.sendUnaryData<Buffer>) => {
        const names = namesOf(decodeTraces(asBytes(call.request), caller).batch);
        const told = backend.answer(names);
        if (told && !(told instanceof Uint8Array)) return callback({ metadata: new grpc.Metadata(), ...told });
        backend.got.push(names);
        callback(null, Buffer.from(told ?? bytes.from('')));
      },
    },
  );
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', grpc.ServerCredentials.createInsecure(), (error, bound) => (error ? reject(error) : resolve(bound)));
  });
  const backend: GrpcBackend = { address: `127.0.0.1:${port}`, got: [], answer, close: () => server.forceShutdown() };
  return backend;
}

export async function until(
  condition: () => boolean | Promise<boolean>,
  describe: () => string = () => '',
  timeoutMs = 60_000,
): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`it did not come true in ${timeoutMs} ms: ${describe()}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
