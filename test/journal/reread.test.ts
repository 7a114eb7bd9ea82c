/** What the disk's journal gives again, so that owners need not keep it. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { FileStorage } from '../../src/journal/file/storage.ts';
import type { Journal } from '../../src/journal/journal.ts';
import { asBytes, type Bytes } from '../../src/model/bytes.ts';
import { free } from '../../src/model/free.ts';
import { Owned } from '../contract/journal-owner.ts';

async function open(): Promise<{ journal: Journal; owned: Owned }> {
  const directory = await mkdtemp(join(tmpdir(), 'spanway-reread-'));
  const journal = await new FileStorage({ directory }).open('own', { durability: 'disk', bytesMax: 2 ** 30, partitions: 1 });
  onTestFinished(async () => {
    await journal.close();
    await rm(directory, { recursive: true });
  });
  const owned = new Owned();
  await journal.own(owned);
  return { journal, owned };
}

const large = (letter: string): Bytes => asBytes(Buffer.alloc(200_000, letter));

test('an entry is given again as often as it is asked for, whatever became of what was given before', async () => {
  const { journal, owned } = await open();
  const partition = owned.partition(0);
  for (const letter of 'ab') await journal.append([{ partition: 0, payload: large(letter), items: 1 }]);
  const [first] = await partition.read(undefined, 1);
  const [second] = await partition.read(first?.id, 1);
  for (const entry of [second, first, second]) {
    const again = await partition.reread?.(`${entry?.id}`);
    expect(again?.equals(large(entry === first ? 'a' : 'b'))).toBe(true);
    if (again) free(again);
    expect(again?.length).toBe(0);
  }
});

test('an entry that was acknowledged is not there', async () => {
  const { journal, owned } = await open();
  const partition = owned.partition(0);
  await journal.append([{ partition: 0, payload: large('a'), items: 1 }]);
  const [entry] = await partition.read(undefined, 1);
  await partition.commit({ acknowledge: [`${entry?.id}`] });
  expect(await partition.reread?.(`${entry?.id}`)).toBeUndefined();
});

test('an owner that is behind reads the entries that it was too late for', async () => {
  const { journal, owned } = await open();
  const partition = owned.partition(0);
  await journal.append([{ partition: 0, payload: large('0'), items: 1 }]);
  const [before] = await partition.read(undefined, 1);
  const payloads = Array.from({ length: 120 }, (_, index) => large(String.fromCharCode(0x41 + (index % 26))));
  const wanted = payloads.map((payload) => payload[0]);
  for (const payload of payloads) await journal.append([{ partition: 0, payload, items: 1 }]);
  expect(payloads.at(-1)?.length).toBe(0);
  const seen: (number | undefined)[] = [];
  for (let after = before?.id; seen.length < wanted.length; ) {
    const entries = await partition.read(after, 1 << 20);
    for (const { id, payload } of entries) {
      seen.push(payload?.[0]);
      after = id;
    }
  }
  expect(seen).toEqual(wanted);
});
