// An application on the openai package, instrumented by OpenLLMetry.
import { createRequire } from 'node:module';
import { OpenAIInstrumentation } from '@traceloop/instrumentation-openai';
import { callOpenAI } from './openai-calls.mjs';
import { startTracing } from './telemetry.mjs';

const provider = startTracing();
const { OpenAI } = createRequire(import.meta.url)('openai');
const instrumentation = new OpenAIInstrumentation({ enrichTokens: false });
instrumentation.setTracerProvider(provider);
instrumentation.manuallyInstrument(OpenAI);
await callOpenAI(OpenAI, provider);
await provider.shutdown();
