/**
 * Log records in no trace, of tools that only log (mapping §16). Each folder of golden/untraced-logs/ is one tool: its records in its words (`logs.otlp.json`) and
 * the runs that a server holds in the end (`runs.json`). SPANWAY_WRITE_DOCS=1 writes the runs anew.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { type LangsmithDeps, langsmithExporter } from '../../src/exporters/langsmith/exporter.ts';
import { MemoryStorage } from '../../src/journal/memory/memory-storage.ts';
import type { Caller, Logs } from '../../src/model/batch.ts';
import { decodeLogsJson, logsOf } from '../../src/otlp/otlp.ts';
import { startSink } from '../../src/sink/sink.ts';
import { countingObserver, noHeadersSetter, wallClock } from './world.ts';

const golden = join(import.meta.dirname, 'golden', 'untraced-logs');
const names = readdirSync(golden);
const caller: Caller = { receiver: 'otlp', transport: 'http', address: '', metadata: new Map(), receivedAtMs: 0 };

async function exporterThat(assembly: Readonly<Record<string, unknown>>) {
  const sink = await startSink({ strict: true });
  const observer = countingObserver();
  const storage = new MemoryStorage();
  const deps: LangsmithDeps = { id: 'langsmith', observer, clock: wallClock, storage: () => storage, headersSetter: noHeadersSetter };
  const settings = {
    ...{ endpoint: sink.url, api_key: 'key', sending_queue: { durability: 'memory' }, batch: { flush_timeout: '20ms' } },
    assembly: { log_join_window: '1s', ...assembly },
  };
  const exporter = langsmithExporter.create(langsmithExporter.schema.parse(settings), deps);
  await exporter.start();
  onTestFinished(async () => {
    await exporter.stop(Date.now() + 1_000);
    await sink.close();
  });
  return { exporter, observer, sink };
}

/** One record a batch, as they may come through several replicas. */
function recordsOf(name: string): readonly Logs[] {
  const { batch } = decodeLogsJson(readFileSync(join(golden, name, 'logs.otlp.json'), 'utf8'), caller);
  return batch.resourceLogs.flatMap(({ resource, scopeLogs }) =>
    scopeLogs.flatMap(({ scope, logRecords }) =>
      logRecords.map((record) => logsOf(caller, [{ resource, scopeLogs: [{ scope, logRecords: [record] }] }])),
    ),
  );
}

async function settled({ exporter }: Awaited<ReturnType<typeof exporterThat>>): Promise<void> {
  await expect.poll(() => exporter.balance(), { timeout: 10_000 }).toMatchObject({ waiting: 0 });
}

async function runsOf(batches: readonly Logs[]) {
  const world = await exporterThat({ synthesize_from_logs: true });
  await Promise.all(batches.map((batch) => world.exporter.consume(batch)));
  await settled(world);
  expect(world.sink.store.violations()).toEqual([]);
  const runs = world.sink.store.runs().map(({ fields }) => fields);
  return { ...world, runs: runs.sort((one, other) => (`${one.dotted_order}` < `${other.dotted_order}` ? -1 : 1)) };
}

it.each(names)('the log records of %s become the runs that stand beside them', async (name) => {
  const { runs } = await runsOf(recordsOf(name));
  const path = join(golden, name, 'runs.json');
  const text = `${JSON.stringify(runs, undefined, 2)}\n`;
  if (process.env.SPANWAY_WRITE_DOCS === '1') writeFileSync(path, text);
  expect(JSON.parse(text)).toEqual(JSON.parse(readFileSync(path, 'utf8')));
});

it.each(names)('the log records of %s become the same runs in whatever order they come', async (name) => {
  const { runs } = await runsOf([...recordsOf(name)].reverse());
  expect(runs).toEqual(JSON.parse(readFileSync(join(golden, name, 'runs.json'), 'utf8')));
});

it.each(names)('the log records of %s are the same runs when they are sent again', async (name) => {
  const batches = recordsOf(name);
  const { exporter, observer, sink, runs } = await runsOf(batches);
  for (const batch of batches) await exporter.consume(batch);
  await settled({ exporter, observer, sink });
  expect(sink.store.runs()).toHaveLength(runs.length);
  expect(sink.store.conflicts()).toEqual([]);
  expect(exporter.balance()).toMatchObject({ deadLettered: 0 });
});

it.each(names)('the log records of %s are not supported unless they are asked for', async (name) => {
  const { exporter, observer } = await exporterThat({});
  const batches = recordsOf(name);
  for (const batch of batches) await exporter.consume(batch);
  expect(observer.counts.get('unsupported logs')).toBe(batches.length);
  expect(observer.counts.get('stored') ?? 0).toBe(0);
});
