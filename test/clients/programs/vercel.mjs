// An application on the Vercel AI SDK: a tool loop, a stream, an object, embeddings, and a call that fails.
import { createOpenAI } from '@ai-sdk/openai';
import { embed, generateObject, generateText, jsonSchema, stepCountIs, streamText, tool } from 'ai';
import { startTracing } from './telemetry.mjs';

const provider = startTracing();
const openai = createOpenAI({ apiKey: 'key', baseURL: process.env.OPENAI_BASE_URL });
const telemetry = (functionId) => ({
  experimental_telemetry: { isEnabled: true, functionId, metadata: { sessionId: 'thread-7', userId: 'user-1', plan: 'pro' } },
});
const city = jsonSchema({ type: 'object', properties: { city: { type: 'string' } }, required: ['city'], additionalProperties: false });

await generateText({
  model: openai('gpt-4o-mini'),
  system: 'You know the weather.',
  prompt: 'How warm is it in Paris?',
  temperature: 0.2,
  maxOutputTokens: 100,
  tools: { get_weather: tool({ description: 'The weather of a city', inputSchema: city, execute: async () => ({ degrees: 18 }) }) },
  stopWhen: stepCountIs(3),
  ...telemetry('tool-loop'),
});

const streamed = streamText({
  model: openai.chat('gpt-4o-mini'),
  messages: [{ role: 'user', content: 'Say hello.' }],
  ...telemetry('stream'),
});
for await (const _ of streamed.textStream);

await generateObject({ model: openai.chat('gpt-4o-mini'), schema: city, prompt: 'Which city?', ...telemetry('object') });
await embed({ model: openai.embedding('text-embedding-3-small'), value: 'a sunny day', ...telemetry('embed') });
await generateText({ model: openai.chat('gpt-broken'), prompt: 'Break.', maxRetries: 0, ...telemetry('broken') }).catch(() => undefined);
await provider.shutdown();
