// An application on the openai package, instrumented by OpenInference.
import { OpenAIInstrumentation } from '@arizeai/openinference-instrumentation-openai';
import OpenAI from 'openai';
import { callOpenAI } from './openai-calls.mjs';
import { startTracing } from './telemetry.mjs';

const provider = startTracing();
const instrumentation = new OpenAIInstrumentation({ tracerProvider: provider });
instrumentation.manuallyInstrument(OpenAI);
await callOpenAI(OpenAI, provider);
await provider.shutdown();
