import { expect, test } from 'vitest';
import { unjournaled } from '../../src/journal/unjournaled.ts';
import type { Traces } from '../../src/model/batch.ts';
import type { Consume } from '../../src/model/component.ts';
import type { Receipt } from '../../src/model/receipt.ts';
import { Junction, type Route } from '../../src/service/junction.ts';

const batch = { signal: 'traces' } as Traces;

function route(traces: Consume, who = ''): Route {
  return { traces, logs: undefined, authenticator: () => async () => new Map([['who', who]]), limiter: () => () => ({ spend: () => {} }) };
}

/** A consumer whose requests end when the test says so. */
function held(): { readonly consume: Consume; release(): void; fail(): void; count: number } {
  let resolve: (receipt: Receipt) => void = () => {};
  let reject: (error: Error) => void = () => {};
  const ended = new Promise<Receipt>((one, other) => {
    resolve = one;
    reject = other;
  });
  const consumer = {
    count: 0,
    consume: () => {
      consumer.count += 1;
      return ended;
    },
    release: () => resolve(unjournaled(1)),
    fail: () => reject(new Error('failed')),
  };
  return consumer;
}

test('a request takes the route that was set when it came, to its end', async () => {
  const [former, next] = [held(), held()];
  const junction = new Junction(route(former.consume));
  const early = junction.consume(batch);
  void junction.switchTo(route(next.consume));
  const late = junction.consume(batch);
  expect([former.count, next.count]).toEqual([1, 1]);
  former.release();
  next.release();
  await Promise.all([early, late]);
});

test('a switch is done when the last request on the former route has ended, well or not', async () => {
  const former = held();
  const junction = new Junction(route(former.consume));
  const requests = [junction.consume(batch), junction.consume(batch)].map((request) => request.catch(() => undefined));
  let done = false;
  const switched = junction.switchTo(route(held().consume)).then(() => {
    done = true;
  });
  await Promise.resolve();
  expect(done).toBe(false);
  former.fail();
  await Promise.all([...requests, switched]);
  expect(done).toBe(true);
});

test('a switch with nothing under way is done at once, also when it switches twice', async () => {
  const junction = new Junction(route(held().consume));
  await junction.switchTo(route(held().consume));
  await junction.switchTo(route(held().consume));
});

test('callers are asked for by the extension that runs when they come', async () => {
  const junction = new Junction(route(held().consume, 'former'));
  const authenticate = junction.authenticate('keys');
  expect((await authenticate(new Map(), '127.0.0.1')).get('who')).toBe('former');
  await junction.switchTo(route(held().consume, 'next'));
  expect((await authenticate(new Map(), '127.0.0.1')).get('who')).toBe('next');
});
