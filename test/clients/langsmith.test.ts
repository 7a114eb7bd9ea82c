/** The openai package, wrapped by LangSmith's own SDK in its OpenTelemetry mode. What of a run comes through: test/convert/langsmith-round-trip.test.ts. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { answer, asksTool, hello, question, result } from './conversations.ts';
import { usageMetadata } from './model/answer.ts';
import { World } from './world.ts';

let world: World;

beforeAll(async () => {
  world = await World.start();
  await world.run('langsmith', 8, {
    LANGSMITH_TRACING: 'true',
    LANGSMITH_OTEL_ENABLED: 'true',
    LANGSMITH_API_KEY: 'key',
    LANGSMITH_PROJECT: 'weather',
    LANGSMITH_ENDPOINT: world.sinkUrl,
    OTEL_EXPORTER_OTLP_ENDPOINT: `${world.gatewayUrl}/v1/traces`,
  });
}, 90_000);
afterAll(() => world?.stop());

it('makes one run of each traced function and wrapped call, in its place and its project', async () => {
  expect(world.tree()).toEqual([
    'tool loop (chain)',
    '  ChatOpenAI (llm)',
    '  get_weather (tool)',
    '  ChatOpenAI (llm)',
    'response (chain)',
    '  ChatOpenAI (llm)',
    'failure (chain)',
    '  ChatOpenAI (llm)',
  ]);
  for (const run of world.all()) expect(run.fields.session_name).toBe('weather');
  await world.expectSound();
});

it('leaves requests and answers as the SDK writes them', () => {
  const [first, second] = ['#1', '#2'].map((index) => world.at('tool loop', `ChatOpenAI${index}`));
  expect(first?.inputs).toMatchObject({ model: 'gpt-4o-mini', temperature: 0.2, max_tokens: 100, messages: question });
  expect(first?.outputs).toMatchObject({ id: 'chatcmpl-1', choices: [{ index: 0, message: asksTool, finish_reason: 'tool_calls' }] });
  expect(second?.inputs).toMatchObject({ messages: [...question, asksTool, result] });
  expect(second?.outputs).toMatchObject({ choices: [{ message: answer }] });
  expect(world.at('response', 'ChatOpenAI').inputs).toEqual({ model: 'gpt-4o-mini', instructions: 'Be kind.', input: hello });
  expect(world.at('tool loop').outputs).toEqual({ answer: answer.content });
  expect(world.at('tool loop', 'get_weather').outputs).toEqual({ degrees: 18 });
});

it('keeps model, tokens, tags and thread', () => {
  for (const run of [world.at('tool loop', 'ChatOpenAI'), world.at('response', 'ChatOpenAI')]) {
    expect(run.metadata).toMatchObject({ ls_provider: 'openai', ls_model_name: 'gpt-4o-mini', ls_model_type: 'chat' });
    expect(run.usage).toEqual(usageMetadata);
  }
  expect(world.at('tool loop').fields.tags).toEqual(['prod']);
  for (const run of world.all()) expect(run.metadata.thread_id).toBe('thread-7');
});

it('shows why a call failed, on the call and on the function around it', () => {
  for (const run of [world.at('failure'), world.at('failure', 'ChatOpenAI')]) {
    expect(run.fields.status).toBe('error');
    expect(run.fields.error).toMatch(/400 This model is broken\./);
  }
});
