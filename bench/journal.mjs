// What an append costs a span, beside the decoding of that span and beside the least that any durable append costs in Node.js, in turns in one run. CPU time
// of all threads. Entries and groups are those that the gateway makes: one request alone, what eight clients send meanwhile, and what 32 clients share. The
// store in memory leaves buffers to the collector, whose threads would be counted with whatever is measured then, so it has its rounds behind the others.
import { closeSync, fdatasync, ftruncateSync, mkdtempSync, openSync, rmSync, writeSync, writev } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { crc32 } from 'node:zlib';
import { createConverter } from '../dist/exporters/langsmith/convert/convert.js';
import { EntryWriter } from '../dist/exporters/langsmith/partition/entry-codec.js';
import { free } from '../dist/model/free.js';
import { systemClock } from '../dist/service/clock.js';
import { factories } from '../dist/service/components.js';
import { median, tableHead, tableRow } from './measure.mjs';
import { request } from './payload.mjs';
import { caller, each, read, visit } from './read-spans.mjs';

const groups = [
  { kind: 'llm', spans: 128, requests: 1 },
  { kind: 'llm', spans: 128, requests: 8 },
  { kind: 'small', spans: 128, requests: 1 },
  { kind: 'small', spans: 128, requests: 8 },
  { kind: 'small', spans: 32, requests: 1 },
];
const rounds = 11;
/** Rounds in which much is still compiled. */
const warmRounds = 6;
const spansPerRound = 4_096;
const traceSpans = 8;

const observer = new Proxy({}, { get: () => () => {} });
const [writeAll, sync] = [promisify(writev), promisify(fdatasync)];

/** A journal with an owner who takes away what was appended, so that pages and memory are used again. */
async function openJournal(type, durability, directory) {
  const factory = factories.find((one) => one.type === type);
  const storage = factory.create(factory.schema.parse(directory ? { directory } : {}), { id: type, observer, clock: systemClock });
  await storage.start();
  const journal = await storage.open('bench', { durability, bytesMax: 8 * 2 ** 30 });
  const owned = [];
  await new Promise((resolve, reject) => {
    const acquired = (partition) => owned.push({ partition, last: undefined }) === journal.partitions && resolve();
    journal.own({ acquired, released: async () => {} }).catch(reject);
  });
  return {
    partitions: journal.partitions,
    append: (entries) => journal.append(entries),
    drain: () => Promise.all(owned.map(takeAway)),
    close: async () => {
      await journal.close();
      await storage.stop(Date.now() + 1_000);
    },
  };
}

async function takeAway(one) {
  for (;;) {
    const entries = await one.partition.read(one.last, 2 ** 30);
    if (entries.length === 0) return;
    one.last = entries.at(-1).id;
    await one.partition.commit({ acknowledge: entries.map(({ id }) => id) });
    for (const { payload } of entries) free(payload);
  }
}

/** The least: a checksum, one write into pages that the file has already, one sync. No order, no counts, nothing can be taken away. */
function openLeast(directory) {
  const fileBytes = 64 * 2 ** 20;
  const file = openSync(join(directory, 'least'), 'w+');
  const filler = Buffer.alloc(2 ** 20, 1);
  for (let at = 0; at < fileBytes; at += filler.length) writeSync(file, filler, 0, filler.length, at);
  let at = 0;
  return {
    append: async (payloads) => {
      let bytes = 0;
      for (const payload of payloads) {
        crc32(payload);
        bytes += payload.length;
      }
      if (at + bytes > fileBytes) at = 0;
      await writeAll(file, payloads, at);
      at += bytes;
      await sync(file);
    },
    close: () => {
      ftruncateSync(file);
      closeSync(file);
    },
  };
}

/** The entries of one request, one for each partition, as the exporter makes them. */
function entriesOf(body, partitions) {
  const convert = createConverter({});
  const writers = Array.from({ length: partitions }, () => new EntryWriter('bench', 'bench', ''));
  let position = 0;
  each(body, (span, scope, resource) => {
    writers[Math.floor(position / traceSpans) % partitions].add(convert(span, scope, resource, caller));
    position += 1;
  });
  const written = writers.map((writer, partition) => ({ partition, items: writer.count, payload: writer.finish() }));
  return written.filter(({ items }) => items > 0);
}

/** Whoever appends gives the memory away, so each append gets its own. */
function copyOf(entries) {
  return entries.map((entry) => {
    const payload = Buffer.allocUnsafeSlow(entry.payload.length);
    payload.set(entry.payload);
    return { ...entry, payload };
  });
}

/** Adds up the CPU time, in µs, and the time, in ms, of the parts of a round that count. */
function stopwatch() {
  const sum = { micros: 0, ms: 0 };
  const time = async (work) => {
    const [cpu, start] = [process.cpuUsage(), performance.now()];
    await work();
    const { user, system } = process.cpuUsage(cpu);
    sum.micros += user + system;
    sum.ms += performance.now() - start;
  };
  return { sum, time };
}

async function appendRound(journal, entries, { requests }, passes) {
  const { sum, time } = stopwatch();
  for (let pass = 0; pass < passes; pass += 1) {
    const appends = Array.from({ length: requests }, () => copyOf(entries));
    await time(() => Promise.all(appends.map((append) => journal.append(append))));
    await journal.drain();
  }
  return sum;
}

async function leastRound(least, entries, { requests }, passes) {
  const { sum, time } = stopwatch();
  for (let pass = 0; pass < passes; pass += 1) {
    const payloads = Array.from({ length: requests }, () => copyOf(entries)).flatMap((copied) => copied.map(({ payload }) => payload));
    // The journal gives its entries' memory back, too.
    await time(async () => {
      await least.append(payloads);
      for (const payload of payloads) free(payload);
    });
  }
  return sum;
}

async function decodeRound(body, work, times) {
  const { sum, time } = stopwatch();
  await time(() => {
    for (let pass = 0; pass < times; pass += 1) each(body, work);
  });
  return sum;
}

async function benchGroup(group, { memory, disk, least }) {
  const { kind, spans, requests } = group;
  const body = request(kind, spans);
  const entries = entriesOf(body, disk.partitions);
  const bytes = entries.reduce((sum, { payload }) => sum + payload.length, 0);
  const passes = Math.ceil(spansPerRound / spans / requests);
  const measured = passes * spans * requests;
  const work = {
    memory: () => appendRound(memory, entries, group, passes),
    disk: () => appendRound(disk, entries, group, passes),
    least: () => leastRound(least, entries, group, passes),
    visit: () => decodeRound(body, visit, measured / spans),
    read: () => decodeRound(body, read, measured / spans),
  };
  const sums = Object.fromEntries(Object.keys(work).map((name) => [name, []]));
  for (const names of [['disk', 'least', 'visit', 'read'], ['memory']])
    for (let round = -warmRounds; round < rounds; round += 1)
      for (const name of names) {
        const sum = await work[name]();
        if (round >= 0) sums[name].push(sum);
      }
  const micros = (name) => `${(median(sums[name].map((sum) => sum.micros)) / measured).toFixed(2)} µs`;
  tableRow([
    `${kind}, ${Math.round(bytes / spans)} B`,
    `${spans * requests} spans in ${entries.length * requests} entries, ${Math.round((bytes * requests) / 1024)} KiB`,
    ...['disk', 'least', 'memory', 'visit', 'read'].map(micros),
    `${(median(sums.disk.map(({ ms }) => ms)) / passes).toFixed(1)} ms`,
  ]);
}

export async function benchJournal() {
  const directory = mkdtempSync(join(tmpdir(), 'spanway-bench-'));
  const stores = {
    memory: await openJournal('memory_storage', 'memory'),
    disk: await openJournal('file_storage', 'disk', directory),
    least: openLeast(directory),
  };
  tableHead('Journal append, per span', [
    'spans',
    'a group',
    'disk',
    'checksum, write, sync alone',
    'memory',
    'decoding, lazily',
    'decoding, all of it',
    'a group takes',
  ]);
  for (const group of groups) await benchGroup(group, stores);
  for (const store of Object.values(stores)) await store.close();
  rmSync(directory, { recursive: true, force: true });
}
