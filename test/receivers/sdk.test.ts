/** The exporters that applications really use. */
import { OTLPTraceExporter as GrpcExporter } from '@opentelemetry/exporter-trace-otlp-grpc';
import { OTLPTraceExporter as JsonExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { OTLPTraceExporter as ProtobufExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BatchSpanProcessor, NodeTracerProvider, type SpanExporter } from '@opentelemetry/sdk-trace-node';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { itemCount, type Traces } from '../../src/model/batch.ts';
import { type RunningReceiver, startReceiver } from './running-receiver.ts';

let receiver: RunningReceiver;

beforeEach(async () => {
  receiver = await startReceiver();
});

afterEach(async () => {
  await receiver.stop();
});

/** `CompressionAlgorithm` of the SDK, which is a const enum that cannot be imported. */
const compressions = ['none', 'gzip'] as const;
const exporters: Record<string, (compression: never) => SpanExporter> = {
  'http/protobuf': (compression) => new ProtobufExporter({ url: `${receiver.url}/v1/traces`, compression }),
  'http/json': (compression) => new JsonExporter({ url: `${receiver.url}/v1/traces`, compression }),
  grpc: (compression) => new GrpcExporter({ url: `http://${receiver.grpcAddress}`, compression }),
};

test.each(Object.keys(exporters).flatMap((protocol) => compressions.map((compression) => [protocol, compression] as const)))(
  'the JavaScript SDK sends over %s with %s compression',
  async (protocol, compression) => {
    const exporter = exporters[protocol] as (compression: never) => SpanExporter;
    const provider = new NodeTracerProvider({
      resource: resourceFromAttributes({ 'service.name': 'shop' }),
      spanProcessors: [new BatchSpanProcessor(exporter(compression as never))],
    });
    const span = provider.getTracer('tests').startSpan('chat', { attributes: { 'gen_ai.usage.input_tokens': 7, text: 'žluťoučký' } });
    span.addEvent('first', { at: 1.5 });
    span.end();
    await provider.shutdown();
    expect(receiver.batches.map(itemCount)).toEqual([1]);
    const [group] = (receiver.batches[0] as Traces).resourceSpans;
    const seen = group?.scopeSpans[0]?.spans[0];
    expect(group?.resource.attributes.get('service.name')).toBe('shop');
    expect(seen).toMatchObject({ name: 'chat', traceId: span.spanContext().traceId, spanId: span.spanContext().spanId });
    expect(Object.fromEntries(seen?.attributes ?? [])).toEqual({ 'gen_ai.usage.input_tokens': 7n, text: 'žluťoučký' });
    expect(seen?.events.map(({ name, attributes }) => [name, attributes.get('at')])).toEqual([['first', 1.5]]);
  },
);
