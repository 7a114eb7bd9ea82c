/** The files that a journal's entries stand in: how many there are, whose they are, and that the journal counts what they hold. */
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { headLength } from '../../src/journal/file/segments/entry-head.ts';
import { SegmentFiles } from '../../src/journal/file/segments/segment-files.ts';
import { FileStorage } from '../../src/journal/file/storage.ts';
import type { Journal } from '../../src/journal/journal.ts';
import { asBytes } from '../../src/model/bytes.ts';
import { eventually, Owned } from '../contract/journal-owner.ts';
import { holdLock } from './lock-holder.ts';
import { type ReplicaProcess, startReplica } from './replica-process.ts';

let directory: string;
const ends: (() => Promise<void>)[] = [];

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'spanway-segments-'));
});

afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
  await rm(directory, { recursive: true });
});

interface Opened {
  readonly journal: Journal;
  /** Of partition 0, or another. */
  read(partition?: number): Promise<(string | undefined)[]>;
  acknowledgeAll(): Promise<number>;
}

async function open(name = 'shared', bytesMax = 2 ** 30): Promise<Opened> {
  const journal = await new FileStorage({ directory }).open(name, { durability: 'disk', bytesMax, partitions: 2 });
  ends.push(() => journal.close());
  const owned = new Owned();
  await journal.own(owned);
  return {
    journal,
    read: async (partition = 0) => (await owned.partition(partition).read(undefined, 2 ** 30)).map(({ payload }) => payload?.toString()),
    acknowledgeAll: async () => {
      let count = 0;
      for (const partition of owned.partitions.values()) {
        const entries = await partition.read(undefined, 2 ** 30);
        await partition.commit({ acknowledge: entries.map(({ id }) => id) });
        count += entries.length;
      }
      return count;
    },
  };
}

function append(journal: Journal, text: string, partition = 0): Promise<unknown> {
  return journal.append([{ partition, payload: asBytes(Buffer.from(text)), items: 1 }]);
}

const files = async (): Promise<string[]> => (await readdir(directory)).sort();
const entryFiles = async (): Promise<string[]> => (await files()).filter((name) => name.endsWith('.entries'));
const ofLmdb = ['data.mdb', 'lock.mdb'];

describe('the files of entries', () => {
  test('are gone when everything is acknowledged and the journal closed', async () => {
    const { journal, acknowledgeAll } = await open();
    for (let round = 0; round < 3; round++) await append(journal, 'x'.repeat(8_000_000), round % 2);
    expect(await entryFiles()).not.toEqual([]);
    expect(await acknowledgeAll()).toBe(3);
    await journal.close();
    expect(await files()).toEqual(ofLmdb);
  });

  test('stay few, however much is appended and acknowledged', async () => {
    const { journal, acknowledgeAll } = await open();
    let most = 0;
    let acknowledged = 0;
    for (let round = 0; round < 40; round++) {
      await Promise.all(Array.from({ length: 8 }, (_, index) => append(journal, `${round}`.repeat(2 ** 19), index % 2)));
      acknowledged += await acknowledgeAll();
      most = Math.max(most, (await entryFiles()).length);
    }
    expect(acknowledged).toBe(320);
    // The one that is written, the next one, one on its way out, and those that are kept to be written again.
    expect(most).toBeLessThanOrEqual(7);
  });

  test('that no record tells of are removed', async () => {
    await (await open()).journal.close();
    const ended = new SegmentFiles(directory, 'shared', true);
    for (let number = 1; number <= 9; number++) await (await ended.create(number)).close();
    expect(await entryFiles()).toHaveLength(9);
    const { journal } = await open();
    expect(await files()).toEqual(ofLmdb);
    await journal.close();
  });

  test('belong to one journal, whatever its name is', async () => {
    const names = ['a', 'a-1', 'a-', 'langsmith/a b', '../a'];
    for (const name of names) {
      const { journal } = await open(name);
      await append(journal, `of ${name}`);
      await journal.close();
    }
    expect(await entryFiles()).toHaveLength(names.length);
    for (const more of [1, 2, 3]) {
      for (const name of names) {
        const { journal, read } = await open(name);
        await append(journal, `of ${name}`);
        expect(await read()).toEqual(Array(1 + more).fill(`of ${name}`));
        await journal.close();
      }
    }
  });

  test('that another process has made are not written again: it may be about to write into them', async () => {
    const stopped = new SegmentFiles(directory, 'shared', true);
    const own = new SegmentFiles(directory, 'shared', true);
    const late = await stopped.create(1);
    await own.remove(1);
    const file = await own.create(2);
    await file.append([Buffer.from('held')], 4);
    await late.append([Buffer.from('late')], 4);
    expect(own.read(2, 0, 4)?.toString()).toBe('held');
    await Promise.all([file.close(), late.close(), own.close(), stopped.close()]);
  });

  test('are written again by the process that has made them', async () => {
    const own = new SegmentFiles(directory, 'shared', true);
    const first = await own.create(1);
    await first.append([Buffer.from('of before')], 9);
    await first.close();
    await own.remove(1);
    const second = await own.create(2);
    expect(await entryFiles()).toHaveLength(1);
    expect(own.read(2, 0, 9)?.toString()).toBe('of before');
    await second.close();
    await own.close();
  });
});

describe('what a journal holds', () => {
  const text = 'x'.repeat(100);
  const bytes = headLength + text.length;

  test('never goes beyond the high-water mark, however many appends are under way', async () => {
    const room = 70;
    const { journal, acknowledgeAll } = await open('shared', room * bytes + 10);
    for (let round = 0; round < 5; round++) {
      const settled = await Promise.allSettled(Array.from({ length: 300 }, (_, index) => append(journal, text, index % 2)));
      const refused = settled.flatMap((one) => (one.status === 'rejected' ? [one.reason] : []));
      expect(refused).toHaveLength(300 - room);
      for (const fault of refused) expect(fault).toMatchObject({ code: 'GW_JOURNAL_FULL' });
      expect(journal.stats()).toMatchObject({ bytes: room * bytes, inboxItems: room });
      expect(await acknowledgeAll()).toBe(room);
      await eventually(() => journal.stats().inboxItems === 0);
      expect(journal.stats().bytes).toBe(0);
    }
  });

  test('counts before it comes into an inbox', async () => {
    const room = 20;
    const { journal, acknowledgeAll } = await open('shared', room * bytes);
    // Entries that are gathered are not looked at before they are about to be written.
    const entry = () => ({ partition: 0, payload: asBytes(Buffer.from(text)), items: 1 });
    await journal.append(() => [entry()]);
    const release = await holdLock(directory);
    ends.push(() => release('SIGKILL'));
    for (let held = 2; held <= room; held++) {
      await journal.append(() => [entry()]);
      expect(journal.stats()).toMatchObject({ inboxItems: held, bytes: held * bytes });
    }
    await expect(journal.append(() => [entry()])).rejects.toMatchObject({ code: 'GW_JOURNAL_FULL' });
    expect(journal.stats()).toMatchObject({ inboxItems: room, bytes: room * bytes });
    await release();
    expect(await acknowledgeAll()).toBe(room);
    await journal.append(() => [entry()]);
  });

  test('is what its stats say whenever an append has resolved', async () => {
    const { journal, acknowledgeAll } = await open();
    const wrong: unknown[] = [];
    let [begun, held, acknowledged] = [0, 0, 0];
    const appendOne = async (index: number): Promise<void> => {
      begun++;
      await append(journal, text, index % 2);
      held++;
      const { bytes: counted, inboxItems } = journal.stats();
      const right = inboxItems >= held - acknowledged && inboxItems <= begun && counted === inboxItems * bytes;
      if (!right) wrong.push({ begun, held, acknowledged, counted, inboxItems });
    };
    for (let round = 0; round < 60; round++) {
      await Promise.all(Array.from({ length: 1 + (round % 20) }, (_, index) => appendOne(index)));
      expect(journal.stats()).toMatchObject({ inboxItems: held - acknowledged, bytes: (held - acknowledged) * bytes });
      const under = Array.from({ length: 10 }, (_, index) => appendOne(index));
      if (round % 3 === 0) acknowledged += await acknowledgeAll();
      await Promise.all(under);
    }
    acknowledged += await acknowledgeAll();
    expect(wrong).toEqual([]);
    expect(acknowledged).toBe(held);
    await eventually(() => journal.stats().inboxItems === 0);
    expect(journal.stats().bytes).toBe(0);
  });
});

test('whatever was appended while the journal closed, and resolved, is there', async () => {
  const { journal } = await open();
  const resolved: string[] = [];
  const appends = Array.from({ length: 200 }, async (_, index) => {
    for (let turn = 0; turn < index % 7; turn++) await new Promise(setImmediate);
    const text = `${index} `.repeat(1 + index * 20);
    await append(journal, text).then(
      () => resolved.push(text),
      (error: unknown) => expect(error).toMatchObject({ code: 'GW_JOURNAL_UNAVAILABLE' }),
    );
  });
  for (let turn = 0; turn < 3; turn++) await new Promise(setImmediate);
  await journal.close();
  await Promise.all(appends);
  expect(resolved.length).toBeGreaterThan(50);
  expect(resolved.length).toBeLessThan(200);
  expect((await (await open()).read()).sort()).toEqual(resolved.sort());
});

describe('an append that cannot be written', () => {
  const entries = 4;

  async function limited(): Promise<ReplicaProcess> {
    const replica = await startReplica({ directory, fileKilobytesMax: 1_024 });
    ends.push(() => replica.kill());
    return replica;
  }

  /** Appends some entries at a time until no more can be written. Returns what was acknowledged. */
  async function fill(replica: ReplicaProcess): Promise<string[]> {
    const acknowledged: string[] = [];
    for (let number = 0; ; number++) {
      const fill = `${number}`.padStart(4);
      const { result, fault } = await replica.ask('append', { partition: 0, size: 25_000, fill, entries });
      if (result) acknowledged.push(...Array(entries).fill(fill));
      else {
        expect(fault).toMatchObject({ code: 'GW_JOURNAL_UNAVAILABLE' });
        return acknowledged;
      }
    }
  }

  const beginnings = async ({ read }: Opened): Promise<unknown[]> => (await read()).map((text) => text?.slice(0, 4));

  test('is refused, and nothing of it is there after a kill, but all before it', async () => {
    const replica = await limited();
    const acknowledged = await fill(replica);
    expect(acknowledged).toHaveLength(10 * entries);
    await replica.kill();
    expect(await beginnings(await open())).toEqual(acknowledged);
  });

  test('is refused, and nothing of it is found by the process that takes over what is in no inbox yet', async () => {
    const replica = await limited();
    await replica.ask('append', { partition: 1, size: 1, fill: '-' });
    const release = await holdLock(directory);
    ends.push(() => release('SIGKILL'));
    const acknowledged = await fill(replica);
    expect(acknowledged).toHaveLength(10 * entries);
    await replica.kill();
    await release();
    const opened = await open();
    expect(await beginnings(opened)).toEqual(acknowledged);
    expect(opened.journal.stats().inboxItems).toBe(acknowledged.length + 1);
  });
});
