/** The openai package, instrumented by OpenInference. Version 4.2 tells nothing of calls that fail, nor of a streamed completion's tokens. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { chatModel, expectStreams, expectToolLoop, greeting, hello } from './conversations.ts';
import { usageMetadata } from './model/answer.ts';
import { World } from './world.ts';

const chat = 'OpenAI Chat Completions';
const responses = 'OpenAI Responses';
let world: World;

beforeAll(async () => {
  world = await World.start();
  await world.run('openinference', 14);
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
    `  ${responses} (llm)`,
    'streamed response (chain)',
    `  ${responses} (llm)`,
    'embedding (chain)',
    '  OpenAI Embeddings (embedding)',
    'failure (chain)',
  ]);
  await world.expectSound();
});

it('shows a conversation with a tool', () => {
  expectToolLoop(world, chat);
});

it('names the model, its parameters and its tools, and counts tokens by class', () => {
  const run = world.at('tool loop', chat);
  expect(run.metadata).toMatchObject({ ...chatModel, ls_temperature: 0.2, ls_max_tokens: 100, response_id: 'chatcmpl-1' });
  expect(run.parameters).toMatchObject({ model: 'gpt-4o-mini', temperature: 0.2, max_tokens: 100 });
  expect(run.parameters.tools).toMatchObject([{ type: 'function', function: { name: 'get_weather' } }]);
  expect(run.usage).toEqual(usageMetadata);
});

it('shows streams as it shows whole answers', () => {
  expectStreams(world, chat);
});

it('shows responses as messages, the instructions first', () => {
  const whole = world.at('response', responses);
  expect(whole.inputs).toEqual({ messages: [{ role: 'system', content: 'Be kind.' }, ...hello] });
  expect(world.at('streamed response', responses).inputs).toEqual({ messages: hello });
  for (const run of [whole, world.at('streamed response', responses)]) {
    expect(run.outputs).toEqual({ choices: [{ index: 0, message: greeting }] });
    expect(run.usage).toEqual(usageMetadata);
    expect(run.metadata).toMatchObject({ ...chatModel, response_id: 'resp_1' });
  }
});

it('shows the texts of an embedding, and of the vectors only their number and size', () => {
  const run = world.at('embedding', 'OpenAI Embeddings');
  expect(run.inputs).toEqual({ input: ['a sunny day'] });
  expect(run.outputs).toEqual({ count: 1, dimensions: 3 });
  expect(run.metadata).toMatchObject({ ls_provider: 'openai', ls_model_name: 'text-embedding-3-small' });
});

it('shows the error that the application recorded', () => {
  expect(world.at('failure').fields.status).toBe('error');
  expect(world.at('failure').fields.error).toContain('400 This model is broken.');
});

it('puts the calls into the thread that the application named', () => {
  for (const run of world.all()) expect(run.metadata.session_id).toBe('thread-7');
});
