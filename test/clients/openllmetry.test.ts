/**
 * The openai package, instrumented by OpenLLMetry. Version 0.27 tells nothing of embeddings, of calls that fail, of a stream's tokens, nor of the answer
 * of a streamed response: there is nothing to show.
 */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { chatModel, choices, expectStreams, expectToolLoop, greeting, hello } from './conversations.ts';
import { plainUsage } from './model/answer.ts';
import { World } from './world.ts';

const chat = 'chat gpt-4o-mini';
let world: World;

beforeAll(async () => {
  world = await World.start();
  await world.run('openllmetry', 13);
}, 90_000);
afterAll(() => world?.stop());

it('makes an llm run of each call, in its place', async () => {
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
    'failure (chain)',
  ]);
  await world.expectSound();
});

it('shows a conversation with a tool', () => {
  expectToolLoop(world, chat);
});

it('names the model, its parameters and its tools, and counts tokens', () => {
  const run = world.at('tool loop', chat);
  expect(run.metadata).toMatchObject({ ...chatModel, ls_temperature: 0.2, ls_max_tokens: 100, response_id: 'chatcmpl-1' });
  expect(run.parameters).toMatchObject({ model: 'gpt-4o-mini', temperature: 0.2, max_tokens: 100 });
  expect(run.parameters.tools).toMatchObject([{ type: 'function', function: { name: 'get_weather' } }]);
  expect(run.usage).toEqual(plainUsage);
});

it('shows streams as it shows whole answers', () => {
  expectStreams(world, chat);
});

it('shows a response as messages, although it is told as JSON text in a text', () => {
  const run = world.at('response', chat);
  expect(run.inputs).toEqual({ messages: hello });
  expect(run.outputs).toEqual(choices(greeting));
  expect(run.usage).toEqual(plainUsage);
  expect(world.at('streamed response', chat).inputs).toEqual({ messages: hello });
});

it('shows the error that the application recorded', () => {
  expect(world.at('failure').fields.status).toBe('error');
  expect(world.at('failure').fields.error).toContain('400 This model is broken.');
});

it('puts the calls into the thread that the application named', () => {
  for (const run of world.all()) expect(run.metadata.session_id).toBe('thread-7');
});
