import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import type { z } from 'zod';
import { type LangsmithDeps, langsmithExporter } from '../../src/exporters/langsmith/exporter.ts';
import { type DraftsEntry, decodeEntry } from '../../src/exporters/langsmith/partition/entry-codec.ts';
import { fileStorage } from '../../src/journal/file/file-storage.ts';
import type { GatheredEntries, Journal, NewEntry, Storage } from '../../src/journal/journal.ts';
import { MemoryStorage } from '../../src/journal/memory/memory-storage.ts';
import { systemClock } from '../../src/journal/system-clock.ts';
import type { Traces } from '../../src/model/batch.ts';
import { bytes } from '../../src/model/bytes.ts';
import { decodeTracesJson } from '../../src/otlp/otlp.ts';
import { type Sink, startSink } from '../../src/sink/sink.ts';
import { countingObserver, noHeadersSetter, until } from './world.ts';

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

/** A storage whose journals note the entries that they are given. */
function noting(storage: Storage): { readonly storage: Storage; readonly entries: NewEntry[] } {
  const entries: NewEntry[] = [];
  const noted = (made: readonly NewEntry[]): readonly NewEntry[] => {
    for (const entry of made) entries.push({ ...entry, payload: bytes.concat([entry.payload]) });
    return made;
  };
  const open: Storage['open'] = async (name, options) => {
    const journal = await storage.open(name, options);
    const append = (what: readonly NewEntry[] | GatheredEntries) =>
      journal.append(typeof what === 'function' ? () => noted(what()) : noted(what));
    return new Proxy<Journal>(journal, {
      get(target, key) {
        if (key === 'append') return append;
        const value: unknown = Reflect.get(target, key, target);
        return typeof value === 'function' ? value.bind(target) : value;
      },
    });
  };
  return { storage: { open }, entries };
}

async function fileStorageIn(): Promise<Storage> {
  const directory = mkdtempSync(join(tmpdir(), 'spanway-shared-entries-'));
  const deps = { id: 'file_storage', observer: countingObserver(), clock: systemClock };
  const storage = fileStorage.create((fileStorage.schema as z.ZodType).parse({ directory }), deps);
  await storage.start();
  closing.push(async () => {
    await storage.stop(Date.now());
    rmSync(directory, { recursive: true });
  });
  return storage;
}

async function exporterOver(storage: Storage, settings: object) {
  const deps: LangsmithDeps = {
    ...{ id: 'langsmith', observer: countingObserver(), clock: systemClock },
    ...{ storage: () => storage, headersSetter: noHeadersSetter },
  };
  const exporter = langsmithExporter.create(langsmithExporter.schema.parse({ batch: { flush_timeout: '20ms' }, ...settings }), deps);
  await exporter.start();
  closing.push(() => exporter.stop(Date.now() + 2_000));
  return exporter;
}

async function sinkThat(): Promise<Sink> {
  const sink = await startSink({ strict: true });
  closing.push(() => sink.close());
  return sink;
}

const hex = (number: number, digits: number): string => number.toString(16).padStart(digits, '0');

/** A request of one root span, number `number`, in a trace of its own. */
function request(number: number, key = '', padding = 0): Traces {
  const span = {
    ...{ traceId: hex(number, 32), spanId: hex(number, 16), name: 'step', kind: 1 },
    ...{ startTimeUnixNano: '1767323045000000000', endTimeUnixNano: '1767323045001000000' },
    attributes: [{ key: 'note', value: { stringValue: 'x'.repeat(padding) } }],
  };
  const metadata = new Map(key === '' ? [] : [['x-api-key', [key]]]);
  const caller = { receiver: 'otlp', transport: 'http', address: '', metadata, receivedAtMs: 0 } as const;
  const json = { resourceSpans: [{ resource: {}, scopeSpans: [{ scope: {}, spans: [span] }] }] };
  return decodeTracesJson(bytes.from(JSON.stringify(json)), caller).batch;
}

const contentOf = ({ payload }: NewEntry): DraftsEntry => decodeEntry(payload) as DraftsEntry;

test('a thousand requests of one span at the same time become few entries on the disk, and each span arrives once', async () => {
  const sink = await sinkThat();
  const { storage, entries } = noting(await fileStorageIn());
  const exporter = await exporterOver(storage, { endpoint: sink.url, api_key: 'key' });
  const receipts = await Promise.all(Array.from({ length: 1_000 }, (_, index) => exporter.consume(request(index + 1))));
  expect(new Set(receipts.map(({ durability }) => durability))).toEqual(new Set(['disk']));
  expect(entries.reduce((sum, { items }) => sum + items, 0)).toBe(1_000);
  expect(entries.length).toBeLessThan(50);
  await until(() => exporter.balance().delivered === 1_000, 20_000);
  expect(sink.store.runs()).toHaveLength(1_000);
  expect(sink.store.violations()).toEqual([]);
  expect(exporter.balance()).toMatchObject({ stored: 1_000, duplicate: 0, waiting: 0 });
});

test('requests of two tenants never share an entry', async () => {
  const { storage, entries } = noting(new MemoryStorage());
  const settings = { endpoint: 'http://127.0.0.1:9', api_key_from: 'metadata.x-api-key', sending_queue: { durability: 'memory' } };
  const exporter = await exporterOver(storage, settings);
  await Promise.all(Array.from({ length: 200 }, (_, index) => exporter.consume(request(index + 1, index % 2 === 0 ? 'even' : 'odd'))));
  expect(entries.length).toBeLessThan(50);
  const tenants = new Map<string, Set<number>>();
  for (const { tenant, drafts } of entries.map(contentOf)) {
    const parities = tenants.get(tenant) ?? new Set();
    for (const { skeleton } of drafts) parities.add(Number.parseInt(skeleton.spanId.slice(-4), 16) % 2);
    tenants.set(tenant, parities);
  }
  expect([...tenants.values()].map((parities) => [...parities]).sort()).toEqual([[0], [1]]);
});

test('a request that is refused fails alone, beside others of the same moment', async () => {
  const { storage, entries } = noting(new MemoryStorage());
  const settings = { endpoint: 'http://127.0.0.1:9', api_key_from: 'metadata.x-api-key', sending_queue: { durability: 'memory' } };
  const exporter = await exporterOver(storage, settings);
  const requests = [request(1, 'key'), request(2), request(3, 'key')];
  const ends = await Promise.allSettled(requests.map((batch) => exporter.consume(batch)));
  expect(ends.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  expect(ends[1]).toMatchObject({ reason: { code: 'GW_RECEIVE_UNAUTHENTICATED' } });
  expect(entries.flatMap((entry) => contentOf(entry).drafts.map(({ skeleton }) => skeleton.spanId)).sort()).toEqual([
    hex(1, 16),
    hex(3, 16),
  ]);
});

test.each(['memory', 'disk'] as const)('where not all of them fit into a queue in %s, those go in that do', async (durability) => {
  const sink = await sinkThat();
  const storage = durability === 'memory' ? new MemoryStorage() : await fileStorageIn();
  const settings = { endpoint: sink.url, api_key: 'key', sending_queue: { durability, queue_size: '64KiB' } };
  const exporter = await exporterOver(storage, settings);
  const ends = await Promise.allSettled(Array.from({ length: 10 }, (_, index) => exporter.consume(request(index + 1, '', 12_000))));
  const held = ends.filter(({ status }) => status === 'fulfilled').length;
  expect(held).toBeGreaterThan(0);
  expect(held).toBeLessThan(10);
  for (const end of ends) if (end.status === 'rejected') expect(end.reason).toMatchObject({ code: 'GW_JOURNAL_FULL' });
  await until(() => exporter.balance().delivered === held, 20_000);
  expect(exporter.balance().stored).toBe(held);
});

test('a large request has entries of its own beside small ones', async () => {
  const { storage, entries } = noting(new MemoryStorage());
  const exporter = await exporterOver(storage, { endpoint: 'http://127.0.0.1:9', api_key: 'key', sending_queue: { durability: 'memory' } });
  await Promise.all([request(1), request(2, '', 50_000), request(3)].map((batch) => exporter.consume(batch)));
  const large = entries.filter(({ payload }) => payload.length > 50_000);
  expect(large.map((entry) => contentOf(entry).drafts.map(({ skeleton }) => skeleton.spanId))).toEqual([[hex(2, 16)]]);
  expect(entries.reduce((sum, { items }) => sum + items, 0)).toBe(3);
});

test('when the journal is closed all that wait are told, and nothing of them is held', async () => {
  const { storage, entries } = noting(new MemoryStorage());
  const exporter = await exporterOver(storage, { endpoint: 'http://127.0.0.1:9', api_key: 'key', sending_queue: { durability: 'memory' } });
  await exporter.stop(Date.now());
  const ends = await Promise.allSettled([1, 2, 3].map((number) => exporter.consume(request(number))));
  expect(ends.map((end) => (end as PromiseRejectedResult).reason.code)).toEqual(Array(3).fill('GW_JOURNAL_UNAVAILABLE'));
  expect(entries).toEqual([]);
});
