// An application on the openai package, traced by LangSmith's own SDK in its OpenTelemetry mode. Its streams: see test/convert/langsmith-round-trip.test.ts.
import { Client } from 'langsmith';
import { initializeOTEL } from 'langsmith/experimental/otel/setup';
import { traceable } from 'langsmith/traceable';
import { wrapOpenAI } from 'langsmith/wrappers';
import OpenAI from 'openai';
import { weatherTool } from './telemetry.mjs';

const { DEFAULT_LANGSMITH_TRACER_PROVIDER: provider } = initializeOTEL();
const client = new Client();
const openai = wrapOpenAI(new OpenAI({ apiKey: 'key', maxRetries: 0 }), { client });
const model = 'gpt-4o-mini';
const step = (name, run, options = {}) => traceable(run, { name, client, metadata: { thread_id: 'thread-7' }, tags: ['prod'], ...options });
const weather = step('get_weather', async () => ({ degrees: 18 }), { run_type: 'tool' });

await step('tool loop', async ({ question }) => {
  const messages = [
    { role: 'system', content: 'You know the weather.' },
    { role: 'user', content: question },
  ];
  const asked = { model, temperature: 0.2, max_tokens: 100, tools: [weatherTool] };
  const first = await openai.chat.completions.create({ ...asked, messages });
  const { message } = first.choices[0];
  const [call] = message.tool_calls;
  const result = { role: 'tool', tool_call_id: call.id, content: JSON.stringify(await weather(JSON.parse(call.function.arguments))) };
  const second = await openai.chat.completions.create({ ...asked, messages: [...messages, message, result] });
  return { answer: second.choices[0].message.content };
})({ question: 'How warm is it in Paris?' });

const hello = [{ role: 'user', content: 'Say hello.' }];
await step('response', () => openai.responses.create({ model, instructions: 'Be kind.', input: hello }))();
await step('failure', () => openai.chat.completions.create({ model: 'gpt-broken', messages: hello }))().catch(() => undefined);
await client.awaitPendingTraceBatches();
await provider.forceFlush();
await provider.shutdown();
