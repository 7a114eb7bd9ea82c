// A sample application: one agent call per second, traced with the OpenTelemetry SDK. It knows nothing of Spanway or LangSmith;
// where its spans go is said by OTEL_EXPORTER_OTLP_ENDPOINT alone.
//   npm install @opentelemetry/api @opentelemetry/sdk-trace-node @opentelemetry/exporter-trace-otlp-proto
//   OTEL_EXPORTER_OTLP_ENDPOINT=http://localhost:4318 node app.mjs
import { SpanKind, trace } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { BatchSpanProcessor, NodeTracerProvider } from '@opentelemetry/sdk-trace-node';

const provider = new NodeTracerProvider({ spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter(), { scheduledDelayMillis: 500 })] });
provider.register();
const tracer = trace.getTracer('sample-app');

function answer(question) {
  return tracer.startActiveSpan('invoke_agent helper', { attributes: { 'gen_ai.operation.name': 'invoke_agent' } }, (agent) => {
    const messages = (role, content) => JSON.stringify([{ role, parts: [{ type: 'text', content }] }]);
    const chat = tracer.startSpan('chat sample-model', {
      kind: SpanKind.CLIENT,
      attributes: {
        'gen_ai.operation.name': 'chat',
        'gen_ai.provider.name': 'openai',
        'gen_ai.request.model': 'sample-model',
        'gen_ai.input.messages': messages('user', question),
        'gen_ai.output.messages': messages('assistant', 'forty-two'),
        'gen_ai.usage.input_tokens': 11,
        'gen_ai.usage.output_tokens': 3,
      },
    });
    chat.end();
    agent.end();
  });
}

let asked = 0;
const timer = setInterval(() => answer(`question ${++asked}: what is the answer?`), 1_000);
answer('question 0: what is the answer?');

process.once('SIGTERM', async () => {
  clearInterval(timer);
  await provider.shutdown();
});
