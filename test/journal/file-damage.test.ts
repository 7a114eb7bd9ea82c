/** Damaged files, full disks and wrong directories: each a clear fault, never wrong bytes, never a dead process. */
import { chmod, copyFile, cp, mkdir, mkdtemp, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { headLength } from '../../src/journal/file/segments/entry-head.ts';
import { FileStorage } from '../../src/journal/file/storage.ts';
import { formats } from '../../src/journal/format.ts';
import type { Journal } from '../../src/journal/journal.ts';
import { asBytes } from '../../src/model/bytes.ts';
import { eventually, Owned } from '../contract/journal-owner.ts';
import { openRaw } from './raw-store.ts';
import { type ReplicaOptions, ReplicaProcess } from './replica-process.ts';

let parent: string;
let directory: string;
let data: string;
const replicas: ReplicaProcess[] = [];

beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'spanway-damage-'));
  directory = join(parent, 'journal');
  data = join(directory, 'data.mdb');
});

afterEach(async () => {
  for (const replica of replicas.splice(0)) await replica.kill();
  await rm(parent, { recursive: true });
});

function replica(options: Partial<ReplicaOptions> = {}): ReplicaProcess {
  const started = new ReplicaProcess({ directory, ...options });
  replicas.push(started);
  return started;
}

const open = (): Promise<Journal> =>
  new FileStorage({ directory }).open('shared', { durability: 'disk', bytesMax: 2 ** 30, partitions: 4 });

const large = 'y'.repeat(300_000);

/** Two small entries and a large one around `marked`, and pairs of which one holds it and one is large. */
async function fill(marked: string): Promise<void> {
  const journal = await open();
  const owned = new Owned();
  await journal.own(owned);
  for (const payload of ['before', marked, large, 'after']) {
    await journal.append([{ partition: 0, payload: asBytes(Buffer.from(payload)), items: 2 }]);
  }
  const values = { good: 'good', bad: marked, large, late: 'late' };
  const put = Object.entries(values).map(([key, value]) => ({ space: 'park', key, value: asBytes(Buffer.from(value)) }) as const);
  await owned.partition(0).commit({ put });
  await journal.close();
}

/** The journal's files of entries. */
async function entryFiles(): Promise<readonly string[]> {
  return (await readdir(directory)).filter((name) => name.endsWith('.entries')).map((name) => join(directory, name));
}

/** Flips a bit in every place of the journal's files where the text stands. */
async function flip(text: string): Promise<void> {
  for (const path of [data, ...(await entryFiles())]) {
    const file = await readFile(path);
    for (let at = file.indexOf(text); at !== -1; at = file.indexOf(text, at + 1)) file[at] = (file[at] as number) ^ 1;
    await writeFile(path, file);
  }
}

describe('a damaged record', () => {
  test.each([
    ['within a page', 'marked-payload'],
    ['on pages of its own', `marked-payload${'m'.repeat(50_000)}`],
  ])('%s costs only itself', async (_where, marked) => {
    await fill(marked);
    await flip('marked-payload');
    const journal = await open();
    const owned = new Owned();
    await journal.own(owned);
    const partition = owned.partition(0);
    const entries = await partition.read(undefined, 2 ** 30);
    expect(entries.map(({ payload }) => payload?.toString().slice(0, 6))).toEqual(['before', undefined, 'yyyyyy', 'after']);
    expect(entries.map(({ items }) => items)).toEqual([2, 2, 2, 2]);
    expect((await partition.scan('park', '', 'z', 10)).map(({ key }) => key)).toEqual(['good', 'large', 'late']);
    expect(journal.stats().damaged).toBe(2);
    await partition.scan('park', '', 'z', 10);
    expect(journal.stats().damaged).toBe(2);
    await partition.commit({ acknowledge: entries.map(({ id }) => id) });
    expect(await partition.read(undefined, 100)).toEqual([]);
    await journal.close();
  });
});

describe('a damaged file', () => {
  test('that was cut off anywhere is refused with a remedy, or loses nothing', { timeout: 60_000 }, async () => {
    await fill('x'.repeat(9_000));
    const { size } = await stat(data);
    const whole = join(parent, 'whole');
    await copyFile(data, whole);
    let refused = 0;
    for (let length = size - 1; length > 0; length -= 9_973) {
      await copyFile(whole, data);
      await truncate(data, length);
      const opened = await open().catch((error: unknown) => error as Error);
      if (opened instanceof Error) {
        expect(opened).toMatchObject({ code: 'GW_JOURNAL_CORRUPT', hint: expect.stringContaining('move the directory away') });
        refused++;
        continue;
      }
      const owned = new Owned();
      await opened.own(owned);
      const entries = await owned.partition(0).read(undefined, 2 ** 30);
      expect(entries.map(({ payload }) => payload?.length)).toEqual([6, 9_000, 300_000, 5]);
      const pairs = await owned.partition(0).scan('park', '', 'z', 10);
      expect(pairs.map(({ value }) => value.length)).toEqual([9_000, 4, 300_000, 4]);
      await opened.close();
    }
    expect(refused).toBeGreaterThan(20);
  });

  test('of entries that was cut off anywhere costs only what stood behind the cut', { timeout: 60_000 }, async () => {
    const lengths = [6, 9_000, 300_000, 5];
    await fill('x'.repeat(9_000));
    const whole = join(parent, 'whole');
    await cp(directory, whole, { recursive: true });
    const [path = '', ...others] = await entryFiles();
    expect(others).toEqual([]);
    const { size } = await stat(path);
    for (let length = size - 1; length >= 0; length -= 24_989) {
      await cp(whole, directory, { recursive: true });
      await truncate(path, length);
      const journal = await open();
      const owned = new Owned();
      await journal.own(owned);
      const partition = owned.partition(0);
      const entries = await partition.read(undefined, 2 ** 30);
      let end = 0;
      const left = lengths.map((bytes) => ((end += headLength + bytes) <= length ? bytes : undefined));
      expect(entries.map(({ payload }) => payload?.length)).toEqual(left);
      expect(entries.map(({ items }) => items)).toEqual([2, 2, 2, 2]);
      expect(journal.stats().damaged).toBe(left.filter((bytes) => bytes === undefined).length);
      await partition.commit({ acknowledge: entries.map(({ id }) => id) });
      expect(await partition.read(undefined, 100)).toEqual([]);
      await eventually(() => journal.stats().inboxItems === 0);
      await journal.close();
      expect(await entryFiles()).toEqual([]);
    }
  });

  test.each([
    ['garbage', Buffer.alloc(70_000, 'garbage ')],
    ['zeros', Buffer.alloc(70_000)],
    ['a few bytes', Buffer.from('{"not": "a journal"}')],
  ])('that is %s is refused with a remedy', async (_name, content) => {
    await mkdir(directory);
    await writeFile(data, content);
    await expect(open()).rejects.toMatchObject({ code: 'GW_JOURNAL_CORRUPT', hint: expect.stringContaining('move the directory away') });
  });

  test('whose pages were overwritten is refused with a remedy', async () => {
    await fill('x'.repeat(9_000));
    const file = await readFile(data);
    file.fill(0xa5, 2 * 4_096, file.length);
    await writeFile(data, file);
    await expect(open()).rejects.toMatchObject({ code: 'GW_JOURNAL_CORRUPT' });
  });

  test('that is empty is a new journal', async () => {
    await mkdir(directory);
    await writeFile(data, '');
    const journal = await open();
    expect(journal.partitions).toBe(4);
    await journal.close();
  });
});

test('a journal of a newer format is refused, and the remedy is the newer version', async () => {
  await (await open()).close();
  const { environment, store } = openRaw(directory);
  const format = formats.newest + 1;
  await store.put(Buffer.from('\u0000format'), Buffer.from(JSON.stringify({ format, partitions: 4, created: '2030-01-01T00:00:00Z' })));
  await environment.close();
  await expect(open()).rejects.toMatchObject({
    code: 'GW_JOURNAL_UNAVAILABLE',
    message: expect.stringContaining(`format ${format}`),
    hint: expect.stringContaining('version'),
  });
});

test('on a full disk appends are refused with the reason, commits that free room go on, and then appends, too', async () => {
  const limited = replica({ fileKilobytesMax: 1_024 });
  expect(await limited.answer()).toEqual({ open: true });
  await limited.ask('own');
  const full = await limited.ask('append', { partition: 0, size: 100_000, fill: 'x', count: 100 });
  expect(full).toMatchObject({ fault: { code: 'GW_JOURNAL_UNAVAILABLE', hint: expect.stringContaining('goes on by itself') } });
  const stored = (await limited.ask('read', { partition: 0 })).result as string[];
  expect(stored.length).toBeGreaterThan(3);
  expect(new Set(stored)).toEqual(new Set(['x'.repeat(100_000)]));
  expect(await limited.ask('acknowledge', { partition: 0, count: stored.length })).toEqual({ result: stored.length });
  await eventually(async () => 'result' in (await limited.ask('append', { partition: 0, size: 100_000, fill: 'y' })));
  expect(await limited.ask('read', { partition: 0 })).toEqual({ result: ['y'.repeat(100_000)] });
  expect(await limited.ask('close')).toEqual({ result: true });
});

describe('a directory', () => {
  test('without permissions is refused with a remedy', async () => {
    await mkdir(directory, { mode: 0o700 });
    await chmod(parent, 0o755);
    await chmod(directory, process.getuid?.() === 0 ? 0o700 : 0o000);
    const refused = await replica({ unprivileged: true }).answer();
    await chmod(directory, 0o700);
    expect(refused).toMatchObject({
      fault: {
        code: 'GW_JOURNAL_UNAVAILABLE',
        message: expect.stringContaining('permission denied'),
        hint: expect.stringContaining('write access'),
      },
    });
  });

  test('that is read-only is refused with a remedy', async () => {
    await mkdir(directory);
    await chmod(parent, 0o755);
    await chmod(directory, 0o555);
    const refused = await replica({ unprivileged: true }).answer();
    await chmod(directory, 0o755);
    expect(refused).toMatchObject({ fault: { code: 'GW_JOURNAL_UNAVAILABLE', message: expect.stringContaining('permission denied') } });
  });

  test('that is missing is made with its permissions, or refused if it must exist', async () => {
    const given = { directory: join(parent, 'a', 'b'), createDirectory: false };
    const options = { durability: 'disk', bytesMax: 1e6 } as const;
    await expect(new FileStorage(given).open('x', options)).rejects.toMatchObject({
      code: 'GW_JOURNAL_UNAVAILABLE',
      hint: expect.stringContaining('create_directory'),
    });
    await (await new FileStorage({ directory: given.directory }).open('x', options)).close();
    expect((await stat(given.directory)).mode & 0o777).toBe(0o750);
    expect((await stat(join(given.directory, 'data.mdb'))).mode & 0o777).toBe(0o600);
  });

  test('that is a file is refused', async () => {
    await writeFile(directory, '');
    await expect(open()).rejects.toMatchObject({ code: 'GW_JOURNAL_UNAVAILABLE', message: expect.stringContaining('not a directory') });
  });
});

test('a journal without syncing does not pass for durable', async () => {
  const storage = new FileStorage({ directory, fsync: false });
  await expect(storage.open('x', { durability: 'disk', bytesMax: 1e6 })).rejects.toMatchObject({
    code: 'GW_JOURNAL_LEVEL',
    hint: 'set file_storage::fsync to true',
  });
  const journal = await storage.open('x', { durability: 'memory', bytesMax: 1e6 });
  expect(journal.durability).toBe('memory');
  await journal.close();
});
