/** The Vercel AI SDK with `experimental_telemetry`. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { answer, asksTool, chatModel, choices, greeting, hello, question, result } from './conversations.ts';
import { embeddingTokens, usageMetadata } from './model/answer.ts';
import { World } from './world.ts';

let world: World;

beforeAll(async () => {
  world = await World.start();
  await world.run('vercel', 12);
}, 90_000);
afterAll(() => world?.stop());

it('makes a run of each operation, with its kind, in its place', async () => {
  expect(world.tree()).toEqual([
    'tool-loop (chain)',
    '  ai.generateText.doGenerate (llm)',
    '  get_weather (tool)',
    '  ai.generateText.doGenerate (llm)',
    'stream (chain)',
    '  ai.streamText.doStream (llm)',
    'object (chain)',
    '  ai.generateObject.doGenerate (llm)',
    'ai.embed (embedding)',
    '  ai.embed.doEmbed (embedding)',
    'broken (chain)',
    '  ai.generateText.doGenerate (llm)',
  ]);
  await world.expectSound();
});

describe('generateText with tools', () => {
  it('shows the conversation of each step', () => {
    const [first, second] = ['#1', '#2'].map((index) => world.at('tool-loop', `ai.generateText.doGenerate${index}`));
    expect(first?.inputs).toEqual({ messages: question });
    expect(first?.outputs).toEqual(choices(asksTool));
    expect(second?.inputs).toMatchObject({ messages: [...question, asksTool, result] });
    expect(second?.outputs).toEqual(choices(answer));
  });

  it('shows the whole on the root', () => {
    const root = world.at('tool-loop');
    expect(root.inputs).toEqual({ messages: question });
    expect(root.outputs).toEqual({ messages: [answer] });
    expect(root.fields.status).toBe('success');
  });

  it('names the model, its parameters and its tools', () => {
    const run = world.at('tool-loop', 'ai.generateText.doGenerate');
    expect(run.metadata).toMatchObject({ ...chatModel, ls_temperature: 0.2, ls_max_tokens: 100, response_id: 'resp_1' });
    expect(run.parameters).toMatchObject({ model: 'gpt-4o-mini', temperature: 0.2, max_tokens: 100, tool_choice: { type: 'auto' } });
    expect(run.parameters.tools).toMatchObject([
      { type: 'function', function: { name: 'get_weather', description: 'The weather of a city' } },
    ]);
  });

  it('counts tokens once: by class on the calls, and as a sum on the root', () => {
    for (const index of ['#1', '#2']) expect(world.at('tool-loop', `ai.generateText.doGenerate${index}`).usage).toEqual(usageMetadata);
    const { metadata } = world.at('tool-loop');
    expect(metadata.usage_metadata).toBeUndefined();
    expect(metadata.aggregated_usage_metadata).toMatchObject({ input_tokens: 40, output_tokens: 14, total_tokens: 54 });
  });

  it('shows what the tool was given and gave back', () => {
    const tool = world.at('tool-loop', 'get_weather');
    expect(tool.inputs).toEqual({ city: 'Paris' });
    expect(tool.outputs).toEqual({ output: { degrees: 18 }, ...result });
  });
});

it('knows when the first token of a stream came', () => {
  const run = world.at('stream', 'ai.streamText.doStream');
  expect(run.inputs).toEqual({ messages: hello });
  expect(run.outputs).toEqual(choices(greeting));
  expect(run.usage).toEqual(usageMetadata);
  const [first] = run.events;
  expect(first?.name).toBe('new_token');
  expect(Date.parse(`${first?.time}`)).toBeGreaterThan(Date.parse(`${run.fields.start_time}`));
  expect(Date.parse(`${first?.time}`)).toBeLessThan(Date.parse(`${run.fields.end_time}`));
});

it('shows an object as the text that the model wrote', () => {
  const content = '{"city":"Paris","degrees":18}';
  expect(world.at('object', 'ai.generateObject.doGenerate').outputs).toEqual(choices({ role: 'assistant', content }));
  expect(world.at('object').outputs).toEqual({ messages: [{ role: 'assistant', content }] });
});

it('shows the texts of an embedding, and of the vectors only their number and size', () => {
  for (const run of [world.at('ai.embed'), world.at('ai.embed', 'ai.embed.doEmbed')]) {
    expect(run.inputs).toEqual({ input: ['a sunny day'] });
    expect(run.outputs).toEqual({ count: 1, dimensions: 3 });
    expect(run.metadata).toMatchObject({ ls_provider: 'openai', ls_model_name: 'text-embedding-3-small' });
  }
});

it('counts the tokens of an embedding once: on the call, and as a sum on the root', () => {
  const counted = { input_tokens: embeddingTokens, total_tokens: embeddingTokens };
  expect(world.at('ai.embed', 'ai.embed.doEmbed').usage).toEqual(counted);
  const { metadata } = world.at('ai.embed');
  expect(metadata.usage_metadata).toBeUndefined();
  expect(metadata.aggregated_usage_metadata).toEqual(counted);
});

it('shows why a call failed', () => {
  for (const run of [world.at('broken'), world.at('broken', 'ai.generateText.doGenerate')]) {
    expect(run.fields.status).toBe('error');
    expect(run.fields.error).toMatch(/^AI_APICallError: This model is broken\./);
    expect(run.inputs).toEqual({ messages: [{ role: 'user', content: 'Break.' }] });
    expect(run.outputs).toEqual({});
  }
});

it('puts every run into the thread of its session, with what the application says of it', () => {
  for (const run of world.all())
    expect(run.metadata).toMatchObject({ session_id: 'thread-7', user_id: 'user-1', plan: 'pro', environment: 'test' });
});
