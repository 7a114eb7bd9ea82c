/** An operator's process beside the gateway's: the desk has a journal handle of its own and owns nothing. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { DeadLetter } from '../../src/exporters/dead-letters/dead-letter.ts';
import { encodeDeadLetter } from '../../src/exporters/dead-letters/dead-letter.ts';
import { DeadLetterDesk } from '../../src/exporters/langsmith/dead-letter-desk.ts';
import { langsmithExporter } from '../../src/exporters/langsmith/exporter.ts';
import { EntryWriter } from '../../src/exporters/langsmith/partition/entry-codec.ts';
import { tenantOf } from '../../src/exporters/langsmith/sealed-batch.ts';
import { FileStorage } from '../../src/journal/file/storage.ts';
import type { Journal, Partition } from '../../src/journal/journal.ts';
import { systemClock } from '../../src/journal/system-clock.ts';
import type { Traces } from '../../src/model/batch.ts';
import { bytes, noBytes } from '../../src/model/bytes.ts';
import { runIdOfSpan } from '../../src/model/ids.ts';
import { decodeTracesJson } from '../../src/otlp/otlp.ts';
import { type Sink, startSink } from '../../src/sink/sink.ts';
import { draft, spanId } from '../assemble/drafts.ts';
import { countingObserver, noHeadersSetter } from './world.ts';

type Exporter = ReturnType<typeof langsmithExporter.create>;

let directory: string;
let sink: Sink;
let exporter: Exporter | undefined;
let journal: Journal;
let desk: DeadLetterDesk;

const options = { durability: 'disk', bytesMax: 1 << 28, partitions: 2 } as const;
const open = (): Promise<Journal> => new FileStorage({ directory, clock: systemClock }).open('langsmith', options);

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'spanway-desk-'));
  sink = await startSink({ strict: true });
  journal = await open();
  desk = new DeadLetterDesk(journal);
});

afterEach(async () => {
  await exporter?.stop(Date.now());
  exporter = undefined;
  await journal.close();
  await sink.close();
  await rm(directory, { recursive: true });
});

async function startGateway(): Promise<Exporter> {
  const storage = new FileStorage({ directory, clock: systemClock });
  const deps = {
    id: 'langsmith',
    observer: countingObserver(),
    clock: systemClock,
    storage: () => storage,
    headersSetter: noHeadersSetter,
  };
  const settings = { endpoint: sink.url, api_key: 'key', batch: { flush_timeout: '10ms' } };
  exporter = langsmithExporter.create(langsmithExporter.schema.parse(settings), deps);
  await exporter.start();
  return exporter;
}

/** Root spans, one trace each, so they spread over the partitions. */
function spans(...numbers: readonly number[]): Traces {
  const all = numbers.map((number) => ({
    ...{ traceId: `${number}`.padStart(32, '0'), spanId: spanId(number), name: 'step', kind: 1 },
    ...{ startTimeUnixNano: '1767323045000000000', endTimeUnixNano: '1767323045001000000' },
  }));
  const caller = { receiver: 'otlp', transport: 'http', address: '', metadata: new Map(), receivedAtMs: 0 } as const;
  return decodeTracesJson(bytes.from(JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans: all }] }] })), caller).batch;
}

const until = (check: () => void | Promise<void>): Promise<void> => vi.waitFor(check, { timeout: 60_000, interval: 10 });

async function rejectedSpans(...numbers: readonly number[]): Promise<Exporter> {
  sink.faults.add({ action: { do: 'status', status: 422, body: '{"error":"no such thing"}' } });
  const running = await startGateway();
  await running.consume(spans(...numbers));
  await until(() => expect(running.balance().deadLettered).toBe(numbers.length));
  sink.faults.clear();
  return running;
}

async function keys(): Promise<string[]> {
  const found: string[] = [];
  for await (const { letter } of desk.letters()) found.push(letter.key);
  return found;
}

it('lists and shows letters, with the server’s words, while the gateway runs', async () => {
  await rejectedSpans(1, 2, 3);
  const lines = await desk.list();
  expect(lines).toHaveLength(3);
  expect(lines[0]).toContain('the server rejects it (422): {"error":"no such thing"}');
  const [key] = await keys();
  expect(await desk.show(key as string)).toMatchObject({ key, status: 422, holds: 'run', run: { name: 'step', run_type: 'chain' } });
});

it('replays one letter through the gateway that owns its partition', async () => {
  const running = await rejectedSpans(1, 2);
  const [first, second] = (await keys()) as [string, string];
  expect(await desk.command('replay', [first])).toBe(1);
  await until(async () => expect(await keys()).toEqual([second]));
  await until(() => expect(sink.store.runs()).toHaveLength(1));
  await until(() => expect(running.balance()).toMatchObject({ delivered: 1, waiting: 0 }));
});

it('replays and drops all letters there are, also those a gateway that starts later must see to', async () => {
  const running = await rejectedSpans(1, 2, 3, 4);
  await running.stop(Date.now());
  expect(await desk.command('replay', 'all')).toBe(4);
  await startGateway();
  await until(() =>
    expect(
      sink.store
        .runs()
        .map(({ id }) => id)
        .sort(),
    ).toEqual([1, 2, 3, 4].map((number) => runIdOfSpan(spanId(number)))),
  );
  await until(async () => expect(await keys()).toEqual([]));
});

it('drops letters, one and all', async () => {
  await rejectedSpans(1, 2, 3);
  const [first] = await keys();
  expect(await desk.command('drop', [first as string])).toBe(1);
  await until(async () => expect(await keys()).toHaveLength(2));
  expect(await desk.command('drop', 'all')).toBe(2);
  await until(async () => expect(await keys()).toEqual([]));
  expect(sink.store.runs()).toEqual([]);
});

it('leaves nobody a command if one of the keys names no letter', async () => {
  await rejectedSpans(1);
  const [key] = await keys();
  await expect(desk.command('drop', [key as string, 'nobody'])).rejects.toMatchObject({ code: 'GW_CONFIG_INVALID' });
  expect(await keys()).toEqual([key]);
});

/** Puts letters into partition 0 as its owner would, before any gateway runs. */
async function putLetters(letters: readonly DeadLetter[], garbageKey: string): Promise<void> {
  const owned = await open();
  const partition = await new Promise<Partition>((resolve, reject) => {
    owned.own({ acquired: (each) => each.id === 0 && resolve(each), released: async () => {} }).catch(reject);
  });
  const put = letters.map((letter) => ({ space: 'dead' as const, key: letter.key, value: encodeDeadLetter(letter) }));
  await partition.commit({ put: [...put, { space: 'dead', key: garbageKey, value: bytes.from('no letter') }] });
  await owned.close();
}

function corruptLetter(key: string, more: Partial<DeadLetter>): DeadLetter {
  const facts = { reason: 'corrupt', status: 0, serverText: '', runId: '', traceId: '', at: 1, boundary: '' } as const;
  return {
    key,
    ...facts,
    destination: { endpoint: '', workspaceId: '', key: 'static' },
    items: 1,
    holds: 'bytes',
    parts: noBytes,
    ...more,
  };
}

it('passes over a letter that cannot be read, but drops it; and replays no letter that holds nothing to send', async () => {
  await putLetters([corruptLetter('000000000000002-x', {})], '000000000000001-x');
  expect(await keys()).toEqual(['000000000000002-x']);
  expect(await desk.list()).toHaveLength(1);
  expect(await desk.show('000000000000002-x')).toMatchObject({ holds: 'bytes', bytes: 0, run: {} });
  await expect(desk.show('000000000000001-x')).rejects.toMatchObject({ code: 'GW_JOURNAL_CORRUPT' });
  await expect(desk.command('replay', ['000000000000002-x'])).rejects.toMatchObject({ code: 'GW_CONFIG_INVALID' });
  expect(await desk.command('replay', 'all')).toBe(0);
  expect(await desk.command('drop', 'all')).toBe(2);
  await startGateway();
  await until(async () => expect(await journal.peek(0, 'dead', '', '~', 10)).toEqual([]));
});

it('replays an entry that was set aside by giving it back to the inbox', async () => {
  const destination = { endpoint: sink.url, workspaceId: '', key: 'static' };
  const writer = new EntryWriter('of another run', JSON.stringify(destination), tenantOf(destination));
  for (const span of [draft(spanId(2), spanId(1)), draft(spanId(1))]) writer.add(span);
  await putLetters([corruptLetter('000000000000002-entry', { holds: 'entry', items: 2, parts: writer.finish() })], '000000000000003-x');
  const running = await startGateway();
  expect(await desk.command('replay', ['000000000000002-entry'])).toBe(1);
  await until(() => expect(sink.store.runs()).toHaveLength(2));
  await until(async () => expect(await keys()).toEqual([]));
  await until(() => expect(running.balance()).toMatchObject({ stored: 2, delivered: 2, waiting: 0 }));
});
