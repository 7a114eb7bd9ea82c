import { describe, expect, it } from 'vitest';
import { run } from './spans.ts';

function usage(attributes: Record<string, unknown>, scope = ''): unknown {
  const { extra } = run({ 'gen_ai.operation.name': 'chat', ...attributes }, {}, scope) as { extra: { metadata: Record<string, unknown> } };
  return extra.metadata.usage_metadata;
}

const tokens = (input: number, output: number, more: Record<string, number> = {}) => ({
  'gen_ai.usage.input_tokens': input,
  'gen_ai.usage.output_tokens': output,
  ...more,
});
const cacheRead = 'gen_ai.usage.cache_read.input_tokens';
const total = 'gen_ai.usage.total_tokens';
const reasoning = 'gen_ai.usage.reasoning.output_tokens';

describe('token counts', () => {
  it.each([
    ['cached tokens are part of the input as the convention says', tokens(100, 10, { [cacheRead]: 60 }), 100, 10, 110],
    [
      'a total that only adds up with the cache says that the input excludes it',
      tokens(20, 30, { [cacheRead]: 1_000, [total]: 1_050 }),
      1_020,
      30,
      1_050,
    ],
    ['more cached tokens than input say that the input excludes them', tokens(20, 30, { [cacheRead]: 1_000 }), 1_020, 30, 1_050],
    ['reasoning is part of the output as the convention says', tokens(10, 50, { [reasoning]: 40 }), 10, 50, 60],
    [
      'a total that only adds up with the reasoning says that the output excludes it',
      tokens(10, 5, { [reasoning]: 4, [total]: 19 }),
      10,
      9,
      19,
    ],
    ['more reasoning than output says that the output excludes it', tokens(10, 5, { [reasoning]: 40 }), 10, 45, 55],
    ['a total beyond its parts is kept', tokens(10, 5, { [total]: 20 }), 10, 5, 20],
    ['a total below its parts is no total', tokens(10, 5, { [total]: 3 }), 10, 5, 15],
  ])('%s', (_, attributes, input, output, sum) => {
    expect(usage(attributes)).toMatchObject({ input_tokens: input, output_tokens: output, total_tokens: sum });
  });

  it('come from one group of attributes, not mixed', () => {
    expect(usage({ 'gen_ai.usage.input_tokens': 5, 'llm.token_count.prompt': 9, 'llm.token_count.completion': 7 })).toEqual({
      input_tokens: 5,
      total_tokens: 5,
    });
  });

  it('may be texts, and are never negative or booleans', () => {
    expect(usage(tokens(0, 0, {}))).toEqual({ input_tokens: 0, output_tokens: 0, total_tokens: 0 });
    expect(usage({ 'gen_ai.usage.input_tokens': '7', 'gen_ai.usage.output_tokens': -1 })).toEqual({ input_tokens: 7, total_tokens: 7 });
    expect(usage({ 'gen_ai.usage.input_tokens': true })).toBeUndefined();
  });

  it('name what a cache took in by time to live instead of as a sum', () => {
    const split = 'gen_ai.usage.cache_creation.input_tokens.ephemeral_';
    const attributes = tokens(1_200, 10, { 'gen_ai.usage.cache_creation_input_tokens': 1_000, [`${split}5m`]: 600, [`${split}1h`]: 400 });
    expect(usage(attributes)).toMatchObject({
      input_tokens: 1_200,
      input_token_details: { ephemeral_5m_input_tokens: 600, ephemeral_1h_input_tokens: 400 },
    });
  });

  it('are taken as stated when LangSmith attributes state them, on any kind of run', () => {
    const stated = { input_tokens: '3', output_tokens: 2, total_tokens: 5, input_token_details: { ephemeral_1hr_input_tokens: 1 } };
    const { extra } = run({ 'langsmith.usage_metadata': JSON.stringify(stated), 'gen_ai.usage.input_tokens': 99 }) as never as {
      extra: { metadata: unknown };
    };
    expect(extra.metadata).toMatchObject({
      usage_metadata: { input_tokens: 3, output_tokens: 2, total_tokens: 5, input_token_details: { ephemeral_1h_input_tokens: 1 } },
    });
  });

  it('of an agent sum up those of its model calls', () => {
    const agent = run({ 'gen_ai.operation.name': 'invoke_agent', ...tokens(5, 2) });
    expect(agent).toMatchObject({ extra: { metadata: { aggregated_usage_metadata: { total_tokens: 7 } } } });
    expect(agent).not.toHaveProperty('extra.metadata.usage_metadata');
  });

  it('stay visible as they were sent when they had to be corrected', () => {
    const { extra } = run({ 'gen_ai.operation.name': 'chat', ...tokens(20, 30, { [cacheRead]: 1_000 }) }) as {
      extra: { metadata: object };
    };
    expect(extra.metadata).toHaveProperty(['gen_ai.usage.input_tokens'], 20);
  });
});

describe('costs', () => {
  it('of 0 beside tokens are unknown', () => {
    expect(usage({ ...tokens(5, 2), 'gen_ai.usage.cost': 0 })).not.toHaveProperty('total_cost');
  });

  it('may have a currency behind them', () => {
    expect(usage({ ...tokens(5, 2), 'gen_ai.client.estimated_cost': '0.01USD' })).toMatchObject({ total_cost: 0.01 });
  });

  it('are split by what they are for', () => {
    expect(
      usage({ ...tokens(5, 2), 'llm.cost.prompt': 0.1, 'llm.cost.total': 0.3, 'llm.cost.prompt_details.cache_read': 0.05 }),
    ).toMatchObject({
      input_cost: 0.1,
      total_cost: 0.3,
      input_cost_details: { cache_read: 0.05 },
    });
  });
});
