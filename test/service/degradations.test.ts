import { expect, test } from 'vitest';
import { Part } from '../../src/service/part.ts';
import { Metrics } from '../../src/service/telemetry/metrics.ts';
import { Telemetry } from '../../src/service/telemetry/telemetry.ts';

const key = 'langsmith/upload';
const sentences = (telemetry: Telemetry): string[] => [...telemetry.degradations()].map(([of, { sentence }]) => `${of}: ${sentence}`);

function telemetry(): Telemetry {
  return new Telemetry(
    new Metrics(0, () => 0),
    () => {},
    () => 0,
  );
}

test('that the former instance of a component is well again says nothing of the one that follows', () => {
  const whole = telemetry();
  const [former, next] = [whole.forPart(), whole.forPart()];
  former.degraded(key, 'It does not answer.');
  next.degraded(key, 'The key is refused.');
  former.healthy(key);
  expect(sentences(whole)).toEqual([`${key}: The key is refused.`]);
  next.healthy(key);
  expect(sentences(whole)).toEqual([]);
});

test('that the following instance is well says nothing of the former one, as long as it runs', () => {
  const whole = telemetry();
  const [former, next] = [whole.forPart(), whole.forPart()];
  former.degraded(key, 'It does not answer.');
  next.healthy(key);
  expect(sentences(whole)).toEqual([`${key}: It does not answer.`]);
});

test('of two instances in trouble the newer one is shown', () => {
  const whole = telemetry();
  const [former, next] = [whole.forPart(), whole.forPart()];
  former.degraded(key, 'It does not answer.');
  next.degraded(key, 'The key is refused.');
  expect(sentences(whole)).toEqual([`${key}: The key is refused.`]);
});

test('what a component told goes when it has stopped, and what it tells afterwards is not heard', async () => {
  const whole = telemetry();
  const part = new Part('langsmith', { type: 'langsmith', config: {} }, whole, () => ({ start: async () => {}, stop: async () => {} }));
  part.observer.degraded(key, 'It does not answer.');
  expect(sentences(whole)).toEqual([`${key}: It does not answer.`]);
  await part.stop(0);
  expect(sentences(whole)).toEqual([]);
  part.observer.degraded(key, 'It does not answer.');
  expect(sentences(whole)).toEqual([]);
});

test('a component that is made anew tells for itself while its former instance still stops', async () => {
  const whole = telemetry();
  let stopped = (): void => {};
  const stopping = new Promise<void>((resolve) => {
    stopped = resolve;
  });
  const part = new Part('langsmith', { type: 'langsmith', config: {} }, whole, () => ({ start: async () => {}, stop: () => stopping }));
  const stop = part.stop(0);
  part.renew();
  part.observer.degraded(key, 'It does not answer.');
  stopped();
  await stop;
  expect(sentences(whole)).toEqual([`${key}: It does not answer.`]);
});
