/** Entries that wait long among many that do not: they must not keep the files of all of them. */
import { mkdtemp, open as openFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { moveEntries } from '../../src/journal/file/segments/move.ts';
import { SegmentFiles, segmentBytesMax } from '../../src/journal/file/segments/segment-files.ts';
import { allSegments } from '../../src/journal/file/segments/segment-table.ts';
import { FileStorage } from '../../src/journal/file/storage.ts';
import { asBytes } from '../../src/model/bytes.ts';
import { eventually, Owned } from '../contract/journal-owner.ts';

const name = 'shared';
const partitions = 2;
const rounds = 20;

test('entries that wait in files of which most has gone are moved, and are read, acknowledged and counted as before', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'spanway-move-'));
  const storage = new FileStorage({ directory });
  const environment = await storage.openEnvironment();
  const journal = await storage.open(name, { durability: 'disk', bytesMax: 2 ** 30, partitions });
  onTestFinished(async () => {
    await journal.close();
    await environment.close();
    await rm(directory, { recursive: true });
  });
  const owned = new Owned();
  await journal.own(owned);
  const files = new SegmentFiles(directory, name, true);
  const entryFiles = async (): Promise<string[]> => (await readdir(directory)).filter((file) => file.endsWith('.entries')).sort();

  // Each round fills a segment, of which one entry stays.
  const large = (): ReturnType<typeof asBytes> => asBytes(Buffer.alloc(segmentBytesMax / 4));
  for (let round = 0; round < rounds; round++) {
    const kept = { partition: round % 2, payload: asBytes(Buffer.from(`kept ${round}`)), items: 1 };
    await journal.append([kept, ...Array.from({ length: 4 }, () => ({ partition: round % 2, payload: large(), items: 1 }))]);
    const partition = owned.partition(round % 2);
    const entries = await partition.read(undefined, 2 ** 30);
    await partition.commit({ acknowledge: entries.filter(({ payload }) => (payload?.length ?? 0) > 100).map(({ id }) => id) });
  }
  const read = async () => {
    const entries = (await Promise.all([0, 1].map((id) => owned.partition(id).read(undefined, 2 ** 30)))).flat();
    return entries.map(({ payload, items, appendedAtMs }) => [payload?.toString(), items, appendedAtMs]);
  };
  const before = await read();
  expect(before).toHaveLength(rounds);
  const idsBefore = (await owned.partition(0).read(undefined, 2 ** 30)).map(({ id }) => id);
  await eventually(() => journal.stats().inboxItems === rounds);
  const { bytes } = journal.stats();
  const filesBefore = await entryFiles();
  // What stands in the inbox is not damaged when its copy in the file is.
  const damaged = await openFile(join(directory, filesBefore[0] as string), 'r+');
  await damaged.write(Buffer.of(0xff), 0, 1, 5);
  await damaged.close();

  const store = environment.store(name);
  const options = { store, transactions: environment.transactions, files, partitions };
  // The journal does so itself every few seconds.
  for (let done = await moveEntries(options); done.length > 0; done = await moveEntries(options))
    for (const number of done) await files.remove(number);
  store.resetReadTxn();
  expect([...allSegments(store).values()].filter(({ sealed }) => sealed).length).toBeLessThanOrEqual(256 / 16);
  expect(await read()).toEqual(before);
  expect(journal.stats()).toMatchObject({ inboxItems: rounds, bytes, damaged: 0 });

  // An owner may hold ids from before.
  await owned.partition(0).commit({ acknowledge: idsBefore });
  const rest = await owned.partition(1).read(undefined, 2 ** 30);
  await owned.partition(1).commit({ acknowledge: rest.map(({ id }) => id) });
  await eventually(() => journal.stats().inboxItems === 0);
  expect(journal.stats().bytes).toBe(0);
  expect((await entryFiles()).length).toBeLessThan(8);
});
