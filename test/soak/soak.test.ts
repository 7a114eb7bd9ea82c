/**
 * A gateway as operators run it, for minutes: mixed load, and one trouble after the other. After each trouble everything that was acknowledged must
 * have arrived, the books must balance, and no log line may stand there that the trouble does not explain. At the end its memory must not have grown.
 * `npm run soak` makes it long; within `npm test` it goes through every trouble once.
 */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { FaultRule } from '../../src/sink/faults.ts';
import type { Sink } from '../../src/sink/sink.ts';
import { Client } from '../chaos/client.ts';
import { type ChaosSpan, encode, Forest } from '../chaos/forest.ts';
import { GatewayProcess, memoryProbe } from '../chaos/gateway-process.ts';
import { Random } from '../chaos/random.ts';
import { judge, missing } from '../chaos/verdict.ts';
import { gatewayConfig, strictSink, temporaryDirectory, until } from '../e2e/harness.ts';
import { freePort } from '../free-port.ts';
import { bystander } from './bystander.ts';

const seconds = Number(process.env.SPANWAY_SOAK_SECONDS ?? 0);
const seed = 20_261_121;
const waveMs = seconds > 0 ? 10_000 : 1_500;
const spansPerSecond = seconds > 0 ? 1_500 : 600;
const settleMs = 180_000;
const mebibyte = 2 ** 20;

interface Trouble {
  readonly name: string;
  readonly faults?: readonly FaultRule[];
  readonly act?: (gateway: GatewayProcess) => Promise<void> | void;
  /** Begins of log lines, levels warn and error, that the trouble explains. */
  readonly explains: readonly string[];
}

const answersBadly = ['LangSmith answers with errors'];
const overLimits = ['this account is over its limits'];
const unreachable = ['LangSmith cannot be reached'];
const troubles: readonly Trouble[] = [
  { name: 'none', explains: [] },
  { name: '503', faults: [{ action: { do: 'status', status: 503 }, forMs: waveMs / 2 }], explains: answersBadly },
  { name: '429', faults: [{ action: { do: 'status', status: 429, retryAfter: '1' }, forMs: waveMs / 2 }], explains: overLimits },
  { name: 'slow', faults: [{ action: { do: 'delay' }, delayMs: 300, forMs: waveMs / 2 }], explains: [] },
  { name: 'lost answers', faults: [{ action: { do: 'lose_reply' }, times: 5 }], explains: unreachable },
  { name: 'resets', faults: [{ action: { do: 'reset', afterBytes: 1_000 }, times: 5 }], explains: unreachable },
  {
    name: 'killed',
    act: async (gateway) => {
      await gateway.kill();
      await gateway.start();
    },
    explains: [],
  },
  { name: 'reload', act: (gateway) => gateway.reload(), explains: [] },
];

let sink: Sink;
let gateway: GatewayProcess;
let directory: ReturnType<typeof temporaryDirectory>;
let metricsPort: number;

beforeAll(async () => {
  sink = await strictSink({ runsMax: 1_000_000, runBytesMax: 2 ** 31 });
  directory = temporaryDirectory();
  metricsPort = await freePort();
  const base = gatewayConfig({ sinkUrl: sink.url, directory: directory.path }) as { service: object };
  const telemetry = {
    logs: { encoding: 'json' },
    metrics: { readers: [{ pull: { exporter: { prometheus: { host: '127.0.0.1', port: metricsPort } } } }] },
  };
  gateway = new GatewayProcess({ ...base, service: { ...base.service, telemetry } }, { node: memoryProbe });
  await gateway.start();
});

afterAll(async () => {
  await gateway.stop();
  await sink.close();
  directory.remove();
});

/** The sum of a metric over its labels. */
async function metric(name: string): Promise<number> {
  const text = await (await fetch(`http://127.0.0.1:${metricsPort}/metrics`)).text();
  const lines = text.split('\n').filter((line) => line.startsWith(`${name}{`) || line.startsWith(`${name} `));
  return lines.reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' ') + 1)), 0);
}

const prompt = 'what the user asked, and what the model was told about it; '.repeat(40);
const sized = (spans: readonly ChaosSpan[]): Buffer =>
  encode(spans, ({ spanId }) => prompt.slice(0, 64 + (Number.parseInt(spanId.slice(-3), 16) % 2_000)));

interface Figures {
  readonly wave: number;
  readonly trouble: string;
  readonly spans: number;
  readonly acknowledged: number;
  readonly retries: number;
  readonly refusals: number;
  /** What others were answered that they should not have been. */
  readonly odd: readonly string[];
  readonly lost: number;
  readonly duplicates: number;
  readonly broken: number;
  readonly violations: number;
  readonly unexplained: readonly string[];
  readonly imbalance: number;
  /** After a collection. */
  readonly usedMiB: number;
  readonly heapMiB: number;
  readonly rssMiB: number;
}

async function weather({ name, faults = [], act, explains }: Trouble, wave: number): Promise<Figures> {
  const forest = new Forest(new Random(seed + wave), wave * 1_000_000);
  const client = new Client([gateway], forest, new Random(seed - wave), { encode: sized, spansPerSecond });
  const others = bystander(gateway);
  const endsAt = performance.now() + waveMs;
  for (const rule of faults) sink.faults.add(rule);
  const running = client.run(() => performance.now() < endsAt);
  await act?.(gateway);
  await running;
  const odd = await others.stop();
  sink.faults.clear();
  await until(
    () => missing(sink, forest.spans) <= 0,
    () => `${name}: ${missing(sink, forest.spans)} of ${forest.spans.length} missing\n${gateway.troubles.join('\n')}`,
    settleMs,
  );
  await until(
    async () => (await metric('spanway_waiting_items')) === 0,
    () => `${name}: items still wait\n${gateway.troubles.join('\n')}`,
  );
  const unexplained = gateway.troubles.splice(0).filter((line) => ![...explains, ...others.explains].some((begin) => line.includes(begin)));
  const { lost, strange, broken, violations } = judge(sink, forest.spans);
  sink.store.clear();
  return {
    ...{ wave, trouble: name, spans: forest.spans.length, acknowledged: client.acknowledged, retries: client.retries },
    ...{ odd, refusals: client.refusals.length, unexplained },
    ...{ lost: lost.length, duplicates: strange, broken: broken.length, violations: violations.length },
    imbalance: await metric('spanway_conservation_imbalance'),
    usedMiB: Math.round((await gateway.usedBytes()) / mebibyte),
    heapMiB: Math.round((await metric('otelcol_process_runtime_heap_alloc_bytes')) / mebibyte),
    rssMiB: Math.round((await metric('otelcol_process_memory_rss')) / mebibyte),
  };
}

/** The whole run in a few lines: what must be zero, and how memory went. */
function report(all: readonly Figures[]): string {
  const sum = (of: (figures: Figures) => number): number => all.reduce((total, figures) => total + of(figures), 0);
  const series = (of: (figures: Figures) => number): string => all.map(of).join(' ');
  return [
    `waves ${all.length}, spans ${sum(({ spans }) => spans)}, acknowledged ${sum(({ acknowledged }) => acknowledged)}, retries ${sum(({ retries }) => retries)}`,
    `lost ${sum(({ lost }) => lost)}, duplicates ${sum(({ duplicates }) => duplicates)}, broken trees ${sum(({ broken }) => broken)}, violations ${sum(({ violations }) => violations)}`,
    `imbalance ${sum(({ imbalance }) => Math.abs(imbalance))}, unexplained log lines ${sum(({ unexplained }) => unexplained.length)}`,
    `used MiB after a collection: ${series(({ usedMiB }) => usedMiB)}`,
    `heap MiB: ${series(({ heapMiB }) => heapMiB)}`,
    `RSS MiB: ${series(({ rssMiB }) => rssMiB)}`,
  ].join('\n');
}

test('through one trouble after the other nothing is lost, the books balance, every log line has a reason, and memory does not grow', {
  timeout: 600_000 + 4_000 * seconds,
}, async () => {
  const until = performance.now() + seconds * 1_000;
  const all: Figures[] = [];
  for (let wave = 0; wave < troubles.length || performance.now() < until; wave += 1) {
    const figures = await weather(troubles[wave % troubles.length] as Trouble, wave);
    if (seconds > 0) console.log(JSON.stringify(figures));
    all.push(figures);
    expect(figures).toMatchObject({
      ...{ acknowledged: figures.spans, refusals: 0, lost: 0, duplicates: 0, broken: 0, violations: 0 },
      ...{ unexplained: [], imbalance: 0, odd: [] },
    });
  }
  if (seconds > 0) console.log(report(all));
  // A round through all troubles warms it up; from then on each trouble finds it as it was, give or take what indexes of late traces hold.
  const rounds = Math.floor(all.length / troubles.length);
  const peak = (round: number): number =>
    Math.max(...all.slice(round * troubles.length, (round + 1) * troubles.length).map(({ usedMiB }) => usedMiB));
  if (rounds >= 3) expect(peak(rounds - 1)).toBeLessThan(peak(1) * 1.5 + 32);
});
