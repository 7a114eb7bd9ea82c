/**
 * Read this file first. Three gateway processes over one Redis, and a nemesis:
 *
 *   Client ──any request to any──► GatewayProcess × 3 ──► Redis, AOF always
 *                                        │  ▲ SIGKILL, SIGSTOP beyond the lease, SIGTERM, Redis SIGKILL: Nemesis
 *                                        ▼
 *                                  strict sink ──► judge: no span lost, no tree broken, no run twice
 *
 * It goes in waves, each with its own spans and verdict, so that memory does not grow with their number. `npm run chaos` makes more of them.
 */
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Sink } from '../../src/sink/sink.ts';
import { strictSink, until } from '../e2e/harness.ts';
import { RedisServer } from '../journal/redis-server.ts';
import { Client } from './client.ts';
import { Forest } from './forest.ts';
import { GatewayProcess } from './gateway-process.ts';
import { type JournalState, journalState } from './journal-state.ts';
import { Nemesis } from './nemesis.ts';
import { Random } from './random.ts';
import { redisConfig } from './redis-config.ts';
import { judge, missing } from './verdict.ts';

const spansPerWave = 100_000;
const spansWanted = Number(process.env.SPANWAY_CHAOS_SPANS ?? spansPerWave);
const seed = Number(process.env.SPANWAY_CHAOS_SEED ?? 20261121);
/** A single wave is part of every test run, so it is a short one. */
const roundsPerWave = spansWanted > spansPerWave ? 2 : 1;
const leaseMs = 3_000;
/** Generous, for machines that have much else to do: it is only waited for when something is lost. */
const settleMs = 300_000;
const waves = Math.ceil(spansWanted / spansPerWave);

let redis: RedisServer;
let sink: Sink;
const gateways: GatewayProcess[] = [];

beforeEach(async () => {
  redis = await RedisServer.start();
  sink = await strictSink({ runsMax: 10 * spansPerWave, runBytesMax: 4 * 2 ** 30 });
});

afterEach(async () => {
  for (const gateway of gateways.splice(0)) {
    gateway.resume();
    await gateway.kill();
  }
  await sink.close();
  await redis.stop();
});

async function startGateways(count: number): Promise<void> {
  for (let number = 1; number <= count; number++) {
    const storage = { lease: { ttl: `${leaseMs}ms` }, instance_id: `gateway-${number}` };
    gateways.push(new GatewayProcess(redisConfig({ sinkUrl: sink.url, redis, storage, telemetry: { logs: { encoding: 'json' } } })));
  }
  await Promise.all(gateways.map((gateway) => gateway.start()));
}

/** Whether what is missing still stands in the journal, or nowhere. */
function report({ spans }: Forest, state: JournalState): string {
  const troubles = gateways.flatMap(({ troubles }) => troubles.slice(-8));
  return [`${missing(sink, spans)} of ${spans.length} missing`, JSON.stringify(state), ...judge(sink, spans).lost, ...troubles].join('\n');
}

test(`no span is lost, no tree broken and no run there twice when gateways and Redis are killed and paused (seed ${seed})`, {
  timeout: waves * 600_000,
}, async () => {
  await startGateways(3);
  for (let wave = 0; wave < waves; wave++) {
    const startedAt = performance.now();
    const random = new Random(seed + wave);
    const forest = new Forest(new Random(seed + wave), wave * 10 * spansPerWave);
    const client = new Client(gateways, forest, random);
    const nemesis = new Nemesis({ gateways, redis, random: new Random(seed - wave), leaseMs });
    let haunting = true;
    const haunted = nemesis.run(roundsPerWave).finally(() => {
      haunting = false;
    });
    await Promise.all([client.run(() => haunting || forest.spans.length < spansPerWave), haunted]);
    const sentSeconds = (performance.now() - startedAt) / 1_000;
    let state = await journalState(redis);
    await until(
      async () => {
        state = await journalState(redis);
        return missing(sink, forest.spans) <= 0 && state.entries + state.parked + state.sealed === 0;
      },
      () => report(forest, state),
      settleMs,
    );
    const { lost, broken, strange, violations } = judge(sink, forest.spans);
    console.log(
      JSON.stringify({
        wave,
        seed: seed + wave,
        spans: forest.spans.length,
        acknowledged: client.acknowledged,
        retries: client.retries,
        ...nemesis.done,
        absorbed409s: sink.store.recentConflicts.count,
        deadLetters: state.dead,
        lost: lost.length,
        broken: broken.length,
        duplicates: strange,
        violations: violations.length,
        sentSeconds: Math.round(sentSeconds),
        seconds: Math.round((performance.now() - startedAt) / 1_000),
      }),
    );
    expect({ refusals: client.refusals, acknowledged: client.acknowledged }).toEqual({ refusals: [], acknowledged: forest.spans.length });
    expect({ lost: lost.slice(0, 5), dead: state.dead, broken: broken.slice(0, 5), strange, violations: violations.slice(0, 5) }).toEqual({
      lost: [],
      dead: 0,
      broken: [],
      strange: 0,
      violations: [],
    });
    sink.store.clear();
  }
});
