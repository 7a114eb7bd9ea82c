// A service in a process of its own that works on somebody else's trace: it continues TRACEPARENT and sends its own spans.
import { context, propagation, SpanKind, trace } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BatchSpanProcessor, NodeTracerProvider } from '@opentelemetry/sdk-trace-node';

const provider = new NodeTracerProvider({
  resource: resourceFromAttributes({ 'service.name': 'warehouse' }),
  spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter({ url: `${process.env.ENDPOINT}/v1/traces` }))],
});
provider.register();
const caller = propagation.extract(context.active(), { traceparent: process.env.TRACEPARENT });
const tracer = provider.getTracer('warehouse');
const server = tracer.startSpan('POST /stock', { kind: SpanKind.SERVER }, caller);
const inside = tracer.startSpan('count shelves', {}, trace.setSpan(caller, server));
inside.end();
server.end();
await provider.shutdown();
process.stdout.write(JSON.stringify({ server: server.spanContext().spanId, inside: inside.spanContext().spanId }));
