/** The openai package, instrumented by OpenTelemetry's own GenAI instrumentation: spans go to /v1/traces, the messages as log records to /v1/logs. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { chatModel, choices, expectStreams, expectToolLoop, greeting, hello } from './conversations.ts';
import { embeddingTokens, plainUsage } from './model/answer.ts';
import { World } from './world.ts';

const chat = 'chat gpt-4o-mini';
let world: World;

beforeAll(async () => {
  world = await World.start();
  await world.run('genai', 15);
}, 90_000);
afterAll(() => world?.stop());

it('makes a run of each call, with its kind, in its place', async () => {
  expect(world.tree()).toEqual([
    'tool loop (chain)',
    `  ${chat} (llm)`,
    `  ${chat} (llm)`,
    'stream (chain)',
    `  ${chat} (llm)`,
    'streamed tool call (chain)',
    `  ${chat} (llm)`,
    'response (chain)',
    `  ${chat} (llm)`,
    'streamed response (chain)',
    `  ${chat} (llm)`,
    'embedding (chain)',
    '  embeddings text-embedding-3-small (embedding)',
    'failure (chain)',
    '  chat gpt-broken (llm)',
  ]);
  await world.expectSound();
});

it('joins the messages in the logs with the span of their call', () => {
  expectToolLoop(world, chat);
});

it('joins those of streams', () => {
  expectStreams(world, chat);
});

it('joins those of responses, the instructions of the span first', () => {
  expect(world.at('response', chat).inputs).toEqual({ messages: [{ role: 'system', content: 'Be kind.' }, ...hello] });
  expect(world.at('streamed response', chat).inputs).toEqual({ messages: hello });
  for (const name of ['response', 'streamed response']) expect(world.at(name, chat).outputs).toEqual(choices(greeting));
});

it('names the model and its parameters, and counts tokens', () => {
  const run = world.at('tool loop', chat);
  expect(run.metadata).toMatchObject({ ...chatModel, ls_temperature: 0.2, ls_max_tokens: 100, response_id: 'chatcmpl-1' });
  expect(run.parameters).toEqual({ model: 'gpt-4o-mini', temperature: 0.2, max_tokens: 100 });
  for (const name of ['tool loop', 'stream', 'response', 'streamed response']) expect(world.at(name, chat).usage).toEqual(plainUsage);
  const embedding = world.at('embedding', 'embeddings text-embedding-3-small');
  expect(embedding.usage).toEqual({ input_tokens: embeddingTokens, total_tokens: embeddingTokens });
});

it('shows why a call failed, beside what was asked', () => {
  const run = world.at('failure', 'chat gpt-broken');
  expect(run.fields.status).toBe('error');
  expect(run.fields.error).toBe('400 This model is broken.');
  expect(run.metadata.error_type).toBe('BadRequestError');
  expect(run.inputs).toEqual({ messages: hello });
});

it('puts the calls into the thread that the application named', () => {
  for (const run of world.all()) expect(run.metadata.session_id).toBe('thread-7');
});
