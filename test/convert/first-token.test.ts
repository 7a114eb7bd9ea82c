import { describe, expect, it } from 'vitest';
import { run, startNano } from './spans.ts';

describe('the first token', () => {
  it.each([
    ['gen_ai.response.time_to_first_chunk', 0.35, 'seconds', '350000'],
    ['gen_ai.client.operation.time_to_first_chunk', 0.2, 'seconds', '200000'],
    ['gen_ai.server.time_to_first_token', 0.15, 'seconds', '150000'],
    ['ai.response.msToFirstChunk', 120.5, 'milliseconds', '120500'],
    ['ai.stream.msToFirstChunk', '90', 'milliseconds', '090000'],
    ['gen_ai.user.time_to_first_token', 150_000_000, 'nanoseconds', '150000'],
  ])('of %s = %s is in %s', (key, value, _, fraction) => {
    expect(run({ [key]: value }).events).toEqual([{ name: 'new_token', time: `2026-01-01T00:00:00.${fraction}Z` }]);
  });

  it('is taken in a smaller unit where it would come after the end', () => {
    expect(run({ 'gen_ai.server.time_to_first_token': 250 }).events).toEqual([{ name: 'new_token', time: '2026-01-01T00:00:00.250000Z' }]);
  });

  it('is not told where no unit makes sense of it', () => {
    const odd = run({ 'gen_ai.server.time_to_first_token': 9e15 });
    expect(odd).not.toHaveProperty('events');
    expect(odd).toHaveProperty(['extra', 'metadata', 'gen_ai.server.time_to_first_token'], 9e15);
  });

  it('is the time of the first chunk, and the event stays', () => {
    const timeUnixNano = startNano + 300_000_000n;
    expect(run({}, { events: [{ name: 'ai.stream.firstChunk', timeUnixNano }] }).events).toMatchObject([
      { name: 'new_token', time: '2026-01-01T00:00:00.300000Z' },
      { name: 'ai.stream.firstChunk' },
    ]);
  });

  it('is told once where the span tells it itself', () => {
    const events = [{ name: 'new_token', timeUnixNano: startNano }];
    expect(run({ 'ai.response.msToFirstChunk': 1 }, { events }).events).toEqual([
      { name: 'new_token', time: '2026-01-01T00:00:00.000000Z' },
    ]);
  });

  it('leaves its attribute where everybody can see it', () => {
    expect(run({ 'ai.response.msToFirstChunk': 120 })).toHaveProperty(['extra', 'metadata', 'ai.response.msToFirstChunk'], 120);
  });
});
