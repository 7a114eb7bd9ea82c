/** What a process appended and did not bring into the inboxes when it ended or stopped: the next one finds it. Real processes and files. */
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { headLength, readHead } from '../../src/journal/file/segments/entry-head.ts';
import { FileStorage } from '../../src/journal/file/storage.ts';
import type { Journal } from '../../src/journal/journal.ts';
import { eventually, Owned } from '../contract/journal-owner.ts';
import { holdLock, isStopped } from './lock-holder.ts';
import { openRaw } from './raw-store.ts';
import { type ReplicaOptions, type ReplicaProcess, startReplica } from './replica-process.ts';

let parent: string;
let directory: string;
const processes: (() => Promise<void>)[] = [];

beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'spanway-left-'));
  directory = join(parent, 'journal');
});

afterEach(async () => {
  for (const end of processes.splice(0).reverse()) await end();
  await rm(parent, { recursive: true });
});

/** To partition 0, one after the other; each is acknowledged. */
async function append(replica: ReplicaProcess, texts: readonly string[]): Promise<void> {
  for (const text of texts)
    expect(await replica.ask('append', { partition: 0, size: text.length, fill: text })).toMatchObject({ result: {} });
}

interface Appender {
  readonly replica: ReplicaProcess;
  /** Frees LMDB's write lock, without which nothing comes into an inbox. */
  readonly release: () => Promise<void>;
}

/** A process that has appended `first`, which is in the inbox, and then `texts`, which are not. */
async function appender(where: string, texts: readonly string[], options: ReplicaOptions = {}): Promise<Appender> {
  const replica = await startReplica({ directory: where, ...options });
  processes.push(() => replica.kill());
  await replica.ask('own');
  await append(replica, ['first']);
  expect(await replica.ask('read', { partition: 0 })).toEqual({ result: ['first'] });
  const release = await holdLock(where);
  processes.push(() => release('SIGKILL'));
  await append(replica, texts);
  return { replica, release };
}

/** The same, killed before they came into the inbox. */
async function leaveBehind(where: string, texts: readonly string[]): Promise<void> {
  const { replica, release } = await appender(where, texts);
  await replica.kill();
  await release();
}

interface Opened {
  readonly journal: Journal;
  read(): Promise<(string | undefined)[]>;
  acknowledgeAll(): Promise<void>;
}

async function open(options: { readonly leaseMs?: number } = {}): Promise<Opened> {
  const journal = await new FileStorage({ directory, ...options }).open('shared', { durability: 'disk', bytesMax: 2 ** 30 });
  processes.push(() => journal.close());
  const owned = new Owned();
  await journal.own(owned);
  const read = async (): Promise<(string | undefined)[]> => {
    await eventually(() => owned.partitions.has(0));
    return (await owned.partition(0).read(undefined, 2 ** 30)).map(({ payload }) => payload?.toString());
  };
  const acknowledgeAll = async (): Promise<void> => {
    for (const partition of owned.partitions.values()) {
      const entries = await partition.read(undefined, 2 ** 30);
      await partition.commit({ acknowledge: entries.map(({ id }) => id) });
    }
  };
  return { journal, read, acknowledgeAll };
}

const segmentFiles = async (): Promise<string[]> => (await readdir(directory)).filter((name) => name.endsWith('.entries'));

test('what was acknowledged before a kill and is in no inbox yet is read by the next process, once and in order', async () => {
  await leaveBehind(directory, ['one', 'two', '', 'three']);
  const { journal, read } = await open();
  expect(await read()).toEqual(['first', 'one', 'two', '', 'three']);
  expect(journal.stats()).toMatchObject({ inboxItems: 5, bytes: 'firstonetwothree'.length + 5 * headLength });
  await journal.close();
  expect(await (await open()).read()).toEqual(['first', 'one', 'two', '', 'three']);
});

test('what a stopped process has left is read elsewhere, and what it appends when it goes on, too', async () => {
  const { replica, release } = await appender(directory, ['one', 'two'], { leaseMs: 300 });
  replica.process.kill('SIGSTOP');
  await eventually(() => isStopped(replica.process.pid as number));
  await release();
  const { journal, read } = await open({ leaseMs: 300 });
  await eventually(async () => (await read()).length > 1);
  expect(await read()).toEqual(['first', 'one', 'two']);
  replica.process.kill('SIGCONT');
  await append(replica, ['three', 'four']);
  // It brings into the inbox what it can, and gives back the partitions that it took.
  expect(await replica.ask('close')).toEqual({ result: true });
  await eventually(async () => (await read()).length > 3);
  expect(await read()).toEqual(['first', 'one', 'two', 'three', 'four']);
  await eventually(() => journal.stats().inboxItems >= 5);
  expect(journal.stats().inboxItems).toBe(5);
});

test('what cannot be taken over now keeps nothing else from being read, and is taken over later', async () => {
  await leaveBehind(directory, ['one', 'two']);
  const path = join(directory, (await segmentFiles())[0] as string);
  const content = await readFile(path);
  await rm(path);
  await mkdir(path);
  const { journal } = await open();
  expect(journal.stats().inboxItems).toBe(1);
  await rm(path, { recursive: true });
  await writeFile(path, content);
  await eventually(() => journal.stats().inboxItems === 3);
});

/** Puts a text in place of another in the records of the segments, where their writers stand. Returns in how many. */
async function editWriters(from: string, to: string): Promise<number> {
  const { environment, store } = openRaw(directory);
  let edited = 0;
  for (const { key, value } of [...store.getRange({ start: Buffer.of(4), end: Buffer.of(5) })]) {
    const changed = value.toString('latin1').replace(from, to);
    if (changed !== value.toString('latin1')) edited++;
    await store.put(Buffer.from(key), Buffer.from(changed, 'latin1'));
  }
  await environment.close();
  return edited;
}

test('what a process was taking over when it was killed is taken over again', async () => {
  await leaveBehind(directory, ['one', 'two']);
  expect(await editWriters('~writer', '~adopter')).toBe(1);
  expect(await (await open()).read()).toEqual(['first', 'one', 'two']);
});

describe('of the file that a process has left', () => {
  let left: string;
  let whole: Buffer;
  let name: string;
  /** Where the entries begin, and where the last one ends. */
  const places: number[] = [];

  beforeAll(async () => {
    left = await mkdtemp(join(tmpdir(), 'spanway-left-whole-'));
    directory = left;
    await leaveBehind(left, ['one', 'two', 'three']);
    name = (await segmentFiles())[0] as string;
    whole = await readFile(join(left, name));
    let place = 0;
    for (const text of ['first', 'one', 'two', 'three']) {
      places.push(place);
      place += headLength + text.length;
    }
    places.push(place);
    expect(whole.length).toBe(place);
    expect(readHead(whole.subarray(places[3]))).toMatchObject({ payloadLength: 5, position: places[3] });
  });
  afterAll(() => rm(left, { recursive: true }));

  const place = (entry: number): number => places[entry] as number;
  const flipped = (at: number): Buffer => {
    const changed = Buffer.from(whole);
    changed[at] = (changed[at] as number) ^ 1;
    return changed;
  };

  test.each<[string, () => Buffer, (string | undefined)[]]>([
    ['a torn payload at the end is no entry', () => whole.subarray(0, place(4) - 1), ['first', 'one', 'two']],
    ['a torn head at the end is no entry', () => whole.subarray(0, place(3) + headLength - 1), ['first', 'one', 'two']],
    ['a payload at the end that is not what was written is no entry', () => flipped(place(4) - 1), ['first', 'one', 'two']],
    ['a head at the end that is not what was written is no entry', () => flipped(place(3) + 4), ['first', 'one', 'two']],
    ['garbage behind the end is no entry', () => Buffer.concat([whole, Buffer.alloc(5_000, 0xa5)]), ['first', 'one', 'two', 'three']],
    ['zeros behind the end are no entries', () => Buffer.concat([whole, Buffer.alloc(5_000)]), ['first', 'one', 'two', 'three']],
    ['a copy of an entry behind the end is none', () => Buffer.concat([whole, whole]), ['first', 'one', 'two', 'three']],
    ['a damaged payload costs only itself', () => flipped(place(2) - 1), ['first', undefined, 'two', 'three']],
    ['a damaged head costs only itself', () => flipped(place(1) + 4), ['first', undefined, 'two', 'three']],
  ])('%s', async (_what, content, expected) => {
    await cp(left, directory, { recursive: true });
    await writeFile(join(directory, name), content());
    const { journal, read, acknowledgeAll } = await open();
    expect(await read()).toEqual(expected);
    expect(journal.stats().damaged).toBe(expected.filter((text) => text === undefined).length);
    await acknowledgeAll();
    await eventually(() => journal.stats().inboxItems === 0);
    expect(journal.stats().bytes).toBe(0);
    await journal.close();
    expect(await segmentFiles()).toEqual([]);
  });
});

describe('a file that is used again', () => {
  const bytes = 4 * 2 ** 20 - headLength;
  const acknowledgeAll = async (replica: ReplicaProcess): Promise<void> => {
    await replica.ask('acknowledge', { partition: 0, count: 1_000 });
    expect(await replica.ask('read', { partition: 0 })).toEqual({ result: [] });
  };

  test('has nothing of what it held before', async () => {
    const replica = await startReplica({ directory });
    processes.push(() => replica.kill());
    await replica.ask('own');
    // Each entry is as long as the others, so that one of before stands where the last one of now ends.
    for (let round = 0; round < 8; round++) {
      await replica.ask('append', { partition: 0, size: bytes, fill: `${round}`, count: 4 });
      await acknowledgeAll(replica);
    }
    await replica.ask('append', { partition: 0, size: bytes, fill: 'x' });
    const release = await holdLock(directory);
    processes.push(() => release('SIGKILL'));
    await replica.ask('append', { partition: 0, size: bytes, fill: 'y' });
    await replica.kill();
    await release();
    expect(await formerSegment()).toBeGreaterThan(0);
    const { journal, read } = await open();
    expect((await read()).map((text) => text?.slice(0, 3))).toEqual(['xxx', 'yyy']);
    expect(journal.stats().inboxItems).toBe(2);
  });

  /** Of which segment an entry stands right behind the last one that was appended. */
  async function formerSegment(): Promise<number | undefined> {
    const numberOf = (name: string): number => Number(/(\d+)\.entries$/.exec(name)?.[1]);
    const names = (await segmentFiles()).sort((one, other) => numberOf(other) - numberOf(one));
    for (const name of names) {
      const file = await readFile(join(directory, name));
      let at = 0;
      let head = readHead(file);
      for (; head?.segment === numberOf(name); head = readHead(file.subarray(at))) at += headLength + head.payloadLength;
      if (at > 0) return head?.segment;
    }
    return undefined;
  }
});
