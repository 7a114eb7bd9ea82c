// An application on the openai package, instrumented by OpenTelemetry's own GenAI instrumentation: the content of messages goes out as log records.
import { createRequire } from 'node:module';
import { OTLPLogExporter } from '@opentelemetry/exporter-logs-otlp-proto';
import { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-proto';
import { OpenAIInstrumentation } from '@opentelemetry/instrumentation-openai';
import { BatchLogRecordProcessor, LoggerProvider } from '@opentelemetry/sdk-logs';
import { MeterProvider, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics';
import { callOpenAI } from './openai-calls.mjs';
import { resource, startTracing } from './telemetry.mjs';

const provider = startTracing();
const logs = new LoggerProvider({ resource, processors: [new BatchLogRecordProcessor({ exporter: new OTLPLogExporter() })] });
const metrics = new MeterProvider({ resource, readers: [new PeriodicExportingMetricReader({ exporter: new OTLPMetricExporter() })] });
const instrumentation = new OpenAIInstrumentation({ captureMessageContent: true });
instrumentation.setTracerProvider(provider);
instrumentation.setLoggerProvider(logs);
instrumentation.setMeterProvider(metrics);
const { OpenAI } = createRequire(import.meta.url)('openai');
await callOpenAI(OpenAI, provider);
await Promise.all([provider.shutdown(), logs.shutdown(), metrics.shutdown()]);
