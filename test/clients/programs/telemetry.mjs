// How these programs are set up: an OpenTelemetry SDK that sends to $OTEL_EXPORTER_OTLP_ENDPOINT, and a model at $OPENAI_BASE_URL.
import { SpanStatusCode } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BatchSpanProcessor, NodeTracerProvider } from '@opentelemetry/sdk-trace-node';

/** As the chat completions API takes it. */
export const weatherTool = {
  type: 'function',
  function: {
    name: 'get_weather',
    description: 'The weather of a city',
    parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
  },
};

/** Where the application says that it is. */
export const resource = resourceFromAttributes({ 'service.name': 'weather-app', 'deployment.environment.name': 'test' });

export function startTracing() {
  const provider = new NodeTracerProvider({ resource, spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter())] });
  provider.register();
  return provider;
}

/** Runs a step of the application in a span of its own; nested when called in one. */
export function inSpan(provider, name, step, attributes = {}) {
  return provider.getTracer('weather-app').startActiveSpan(name, { attributes }, async (span) => {
    try {
      return await step();
    } catch (error) {
      span.recordException(error);
      span.setStatus({ code: SpanStatusCode.ERROR, message: error.message });
      throw error;
    } finally {
      span.end();
    }
  });
}
