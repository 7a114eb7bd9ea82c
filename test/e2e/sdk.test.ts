/** Real OpenTelemetry SDKs through a real gateway: what arrives is the tree that the application made. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { context, type Span, trace } from '@opentelemetry/api';
import { OTLPTraceExporter as GrpcExporter } from '@opentelemetry/exporter-trace-otlp-grpc';
import { OTLPTraceExporter as JsonExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { OTLPTraceExporter as ProtobufExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { BatchSpanProcessor, NodeTracerProvider, SimpleSpanProcessor, type SpanExporter } from '@opentelemetry/sdk-trace-node';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { runIdOfSpan } from '../../src/model/ids.ts';
import type { Sink } from '../../src/sink/sink.ts';
import { expectConserved, startTestGateway, strictSink, type TestGateway, temporaryDirectory, until } from './harness.ts';

let sink: Sink;
let gateway: TestGateway;
let directory: ReturnType<typeof temporaryDirectory>;

beforeEach(async () => {
  sink = await strictSink();
  directory = temporaryDirectory();
  gateway = await startTestGateway({ sinkUrl: sink.url, directory: directory.path });
});

afterEach(async () => {
  await gateway.stop();
  await sink.close();
  directory.remove();
});

const exporters: Record<string, () => SpanExporter> = {
  'http/protobuf': () => new ProtobufExporter({ url: `${gateway.httpUrl}/v1/traces`, compression: 'gzip' as never }),
  'http/json': () => new JsonExporter({ url: `${gateway.httpUrl}/v1/traces`, compression: 'gzip' as never }),
  grpc: () => new GrpcExporter({ url: gateway.grpcUrl, compression: 'gzip' as never }),
};

const idOf = (span: Span): string => runIdOfSpan(span.spanContext().spanId);

async function expectTree(expected: ReadonlyMap<string, string>): Promise<void> {
  await until(
    () => [...expected.keys()].every((id) => sink.store.run(id) !== undefined),
    () => `${sink.store.runs().length} of ${expected.size} runs; ${gateway.lines.slice(-3).join('\n')}`,
  );
  for (const [id, parent] of expected) expect(sink.store.run(id)?.parentRunId).toBe(parent);
  expect(sink.store.runs().length).toBe(expected.size);
  expect(new Set(sink.store.runs().map(({ traceId }) => traceId)).size).toBe(1);
  expect(sink.store.violations()).toEqual([]);
}

test.each(Object.keys(exporters))(
  'a nested trace over %s with gzip, every span in a request of its own, children first',
  async (protocol) => {
    const provider = new NodeTracerProvider({ spanProcessors: [new SimpleSpanProcessor((exporters[protocol] as () => SpanExporter)())] });
    const tracer = provider.getTracer('app');
    const root = tracer.startSpan('agent');
    const expected = new Map([[idOf(root), '']]);
    for (const name of ['plan', 'act']) {
      const step = tracer.startSpan(name, {}, trace.setSpan(context.active(), root));
      const call = tracer.startSpan('chat', { attributes: { 'gen_ai.operation.name': 'chat' } }, trace.setSpan(context.active(), step));
      expected.set(idOf(step), idOf(root)).set(idOf(call), idOf(step));
      call.end();
      step.end();
    }
    root.end();
    await provider.shutdown();
    await expectTree(expected);
    await expectConserved(gateway);
  },
);

test('two processes that share a trace: one tree, whoever sends first', async () => {
  const provider = new NodeTracerProvider({
    spanProcessors: [new BatchSpanProcessor((exporters['http/protobuf'] as () => SpanExporter)())],
  });
  const root = provider.getTracer('shop').startSpan('buy a tent');
  const { traceId, spanId } = root.spanContext();
  // The service answers, and sends its spans, while the caller's span is still open.
  const { stdout } = await promisify(execFile)('node', [new URL('remote-service.mjs', import.meta.url).pathname], {
    env: { ...process.env, ENDPOINT: gateway.httpUrl, TRACEPARENT: `00-${traceId}-${spanId}-01` },
  });
  const remote = JSON.parse(stdout) as { server: string; inside: string };
  expect(sink.store.runs()).toEqual([]);
  root.end();
  await provider.shutdown();
  await expectTree(
    new Map([
      [idOf(root), ''],
      [runIdOfSpan(remote.server), idOf(root)],
      [runIdOfSpan(remote.inside), runIdOfSpan(remote.server)],
    ]),
  );
  expect(sink.store.run(runIdOfSpan(remote.server))?.fields.extra).toMatchObject({ metadata: { 'service.name': 'warehouse' } });
  await expectConserved(gateway);
});
