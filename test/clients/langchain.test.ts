/** LangChain.js, instrumented by OpenInference. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { answer, asksTool, choices, greeting, hello, question, result } from './conversations.ts';
import { usageMetadata } from './model/answer.ts';
import { World } from './world.ts';

let world: World;

beforeAll(async () => {
  world = await World.start();
  await world.run('langchain', 9);
}, 90_000);
afterAll(() => world?.stop());

it('makes a run of each step, with its kind, in its place', async () => {
  expect(world.tree()).toEqual([
    'tool loop (chain)',
    '  ChatOpenAI (llm)',
    '  get_weather (tool)',
    '  ChatOpenAI (llm)',
    'stream (chain)',
    '  ChatPromptTemplate (prompt)',
    '  ChatOpenAI (llm)',
    '  StrOutputParser (chain)',
    'failure (llm)',
  ]);
  await world.expectSound();
});

it('shows a conversation with a tool, each result beside its call', () => {
  const [first, second] = ['#1', '#2'].map((index) => world.at('tool loop', `ChatOpenAI${index}`));
  expect(first?.inputs).toEqual({ messages: question });
  expect(first?.outputs).toEqual(choices(asksTool));
  expect(second?.inputs).toEqual({ messages: [...question, asksTool, result] });
  expect(second?.outputs).toEqual(choices(answer));
});

it('shows what goes into a chain and what comes out', () => {
  expect(world.at('tool loop').inputs).toEqual({ input: 'How warm is it in Paris?' });
  expect(world.at('tool loop').outputs).toEqual({ output: 'It is 18 degrees in Paris.' });
  expect(world.at('tool loop', 'get_weather').inputs).toEqual({ input: 'Paris' });
  expect(world.at('tool loop', 'get_weather').outputs).toMatchObject({
    output: { kwargs: { content: '{"degrees":18}', tool_call_id: 'call_1' } },
  });
});

it('names the model, its parameters and its tools, and counts tokens by class', () => {
  const run = world.at('tool loop', 'ChatOpenAI');
  expect(run.metadata).toMatchObject({ ls_provider: 'openai', ls_model_name: 'gpt-4o-mini', ls_model_type: 'chat', ls_temperature: 0.2 });
  expect(run.parameters).toMatchObject({ model: 'gpt-4o-mini', temperature: 0.2, tools: [{ function: { name: 'get_weather' } }] });
  expect(run.usage).toEqual(usageMetadata);
});

it('shows a stream as it shows a whole answer, and the prompt that it was made of', () => {
  const run = world.at('stream', 'ChatOpenAI');
  expect(run.inputs).toEqual({ messages: hello });
  expect(run.outputs).toEqual(choices(greeting));
  expect(run.usage).toEqual(usageMetadata);
  expect(world.at('stream').outputs).toEqual({ output: greeting.content });
  expect(world.at('stream', 'ChatPromptTemplate').metadata).toMatchObject({ prompt_template: 'Say {word}.' });
});

it('shows why a call failed', () => {
  const run = world.at('failure');
  expect(run.fields.status).toBe('error');
  expect(run.fields.error).toMatch(/^400 This model is broken\./);
  expect(run.inputs).toEqual({ messages: [{ role: 'user', content: 'Break.' }] });
  expect(run.outputs).toEqual({});
});

it('puts every run into the thread that the application named, with what it says of it', () => {
  for (const run of world.all()) expect(run.metadata).toMatchObject({ session_id: 'thread-7', plan: 'pro' });
});
