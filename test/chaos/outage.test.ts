/** LangSmith is away and traffic goes on: what piles up stands in Redis and not in the gateway, and all of it is delivered afterwards. */
import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Sink } from '../../src/sink/sink.ts';
import { strictSink, until } from '../e2e/harness.ts';
import { RedisServer } from '../journal/redis-server.ts';
import { Client } from './client.ts';
import { type ChaosSpan, encode, Forest } from './forest.ts';
import { GatewayProcess, memoryProbe } from './gateway-process.ts';
import { isSettled, journalState } from './journal-state.ts';
import { Random } from './random.ts';
import { redisConfig } from './redis-config.ts';
import { judge } from './verdict.ts';

const phases = 4;
const spansPerPhase = 1_000;
/** A long prompt, and nothing that could be compressed away: after half of the phases there is more than a gateway may keep of waiting batches. */
const textLength = 65_536;
const noise = randomBytes(2 ** 20).toString('base64');

function textOf({ spanId }: ChaosSpan): string {
  const from = (Number(`0x${spanId}`) * 7_919) % (noise.length - textLength);
  return noise.slice(from, from + textLength);
}

const mebibyte = 2 ** 20;
const looks = 8;

const load = { encode: (spans: readonly ChaosSpan[]) => encode(spans, textOf), spansPerSecond: 200 };

let redis: RedisServer;
let sink: Sink;
let gateway: GatewayProcess;

beforeEach(async () => {
  redis = await RedisServer.start();
  sink = await strictSink();
  gateway = new GatewayProcess(redisConfig({ sinkUrl: sink.url, redis, telemetry: { logs: { encoding: 'json' } } }), { node: memoryProbe });
  await gateway.start();
});

afterEach(async () => {
  await gateway.kill();
  await sink.close();
  await redis.stop();
});

/** Buffers come and go, up to 80 MiB of them at times; what piles up is there at each look. */
async function usedMiB(): Promise<number> {
  let least = Number.POSITIVE_INFINITY;
  for (let look = 0; look < looks; look++) least = Math.min(least, await gateway.usedBytes());
  return Math.round(least / mebibyte);
}

async function redisMiB(): Promise<number> {
  return Number(/used_memory:(\d+)/.exec(await redis.client.info('memory'))?.[1]) / mebibyte;
}

test('the gateway does not grow while LangSmith is away, Redis holds what the journal says, and everything is delivered afterwards', {
  timeout: 400_000,
}, async () => {
  const forest = new Forest(new Random(7), 0);
  const before = await redisMiB();
  const gateways: number[] = [];
  sink.faults.add({ action: { do: 'status', status: 503 } });
  for (let phase = 1; phase <= phases; phase++) {
    await new Client([gateway], forest, new Random(phase), load).run(() => forest.spans.length < phase * spansPerPhase);
    await until(
      async () => (await journalState(redis)).entries === 0,
      () => 'entries should become batches',
      90_000,
    );
    gateways.push(await usedMiB());
  }
  const held = (await journalState(redis)).bytes / mebibyte;
  const used = (await redisMiB()) - before;
  expect(sink.store.runCount).toBe(0);
  sink.faults.clear();
  await until(
    () => isSettled(redis),
    () => `${sink.store.runCount} of ${forest.spans.length} runs\n${gateway.troubles.slice(-5).join('\n')}`,
    180_000,
  );
  console.log(
    JSON.stringify({
      spans: forest.spans.length,
      gatewayMiB: gateways,
      journalMiB: +held.toFixed(1),
      redisMiB: +used.toFixed(1),
      afterMiB: await usedMiB(),
    }),
  );
  const { lost, broken, strange, violations } = judge(sink, forest.spans);
  expect({ lost, broken, strange, violations }).toEqual({ lost: [], broken: [], strange: 0, violations: [] });
  // What the second half of the spans weighs, uncompressed, must not be in memory.
  const rawMiB = (forest.spans.length * textLength) / mebibyte;
  const [firstHalf, secondHalf] = [gateways.slice(0, phases / 2), gateways.slice(phases / 2)];
  expect(Math.max(...secondHalf) - Math.max(...firstHalf)).toBeLessThan(rawMiB / 2 / 4);
  expect(used / held).toBeGreaterThan(0.5);
  expect(used / held).toBeLessThan(3);
});
