/** LangSmith is away and traffic goes on: what piles up stands in Redis and not in the gateway, and all of it is delivered afterwards. */
import { spawnSync } from 'node:child_process';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Sink } from '../../src/sink/sink.ts';
import { strictSink, until } from '../e2e/harness.ts';
import { RedisServer } from '../journal/redis-server.ts';
import { Client } from './client.ts';
import { Forest } from './forest.ts';
import { GatewayProcess } from './gateway-process.ts';
import { isSettled, journalState } from './journal-state.ts';
import { Random } from './random.ts';
import { redisConfig } from './redis-config.ts';
import { judge } from './verdict.ts';

const phases = 4;
const spansPerPhase = 15_000;
const mebibyte = 2 ** 20;

let redis: RedisServer;
let sink: Sink;
let gateway: GatewayProcess;

beforeEach(async () => {
  redis = await RedisServer.start();
  sink = await strictSink();
  gateway = new GatewayProcess(redisConfig({ sinkUrl: sink.url, redis, telemetry: { logs: { encoding: 'json' } } }));
  await gateway.start();
});

afterEach(async () => {
  await gateway.kill();
  await sink.close();
  await redis.stop();
});

function residentMiB(): number {
  const { stdout } = spawnSync('ps', ['-o', 'rss=', '-p', `${gateway.pid}`], { encoding: 'utf8' });
  return Math.round(Number(stdout) / 1_024);
}

async function redisMiB(): Promise<number> {
  return Number(/used_memory:(\d+)/.exec(await redis.client.info('memory'))?.[1]) / mebibyte;
}

test('the gateway does not grow while LangSmith is away, Redis holds what the journal says, and everything is delivered afterwards', {
  timeout: 180_000,
}, async () => {
  const forest = new Forest(new Random(7), 0);
  const before = await redisMiB();
  const resident: number[] = [];
  sink.faults.add({ action: { do: 'status', status: 503 } });
  for (let phase = 1; phase <= phases; phase++) {
    await new Client([gateway], forest, new Random(phase)).run(() => forest.spans.length < phase * spansPerPhase);
    resident.push(residentMiB());
  }
  await until(
    async () => (await journalState(redis)).entries === 0,
    () => 'entries should become batches',
  );
  const held = (await journalState(redis)).bytes / mebibyte;
  const used = (await redisMiB()) - before;
  expect(sink.store.runCount).toBe(0);
  sink.faults.clear();
  await until(
    () => isSettled(redis),
    () => `${sink.store.runCount} of ${forest.spans.length} runs\n${gateway.troubles.slice(-5).join('\n')}`,
    90_000,
  );
  console.log(
    JSON.stringify({
      spans: forest.spans.length,
      residentMiB: resident,
      journalMiB: +held.toFixed(1),
      redisMiB: +used.toFixed(1),
      after: residentMiB(),
    }),
  );
  const { lost, broken, strange, violations } = judge(sink, forest.spans);
  expect({ lost, broken, strange, violations }).toEqual({ lost: [], broken: [], strange: 0, violations: [] });
  // The first phases warm the engine up; the last one must not cost what its spans would take in memory.
  expect((resident.at(-1) as number) - (resident.at(-2) as number)).toBeLessThan(48);
  expect(used / held).toBeGreaterThan(0.5);
  expect(used / held).toBeLessThan(3);
});
