/**
 * A journal that a former version left is delivered by this one. `format-N` holds a journal of each format, as it was on disk (each of its files, compressed;
 * from format 3 on there are files of entries beside LMDB's) and in Redis.
 * After a change of the layout that raised the format, `SPANWAY_WRITE_JOURNALS=1 npx vitest run test/upgrade` adds the one of the new format;
 * the others stay as they are.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { FileStorage } from '../../src/journal/file/storage.ts';
import { formats } from '../../src/journal/format.ts';
import { asBytes } from '../../src/model/bytes.ts';
import { temporaryDirectory } from '../e2e/harness.ts';
import { RedisServer } from '../journal/redis-server.ts';
import { dump, restore } from './redis-dump.ts';
import { deliver, fill, type Place } from './scene.ts';

const here = new URL('.', import.meta.url).pathname;
const { oldest, newest } = formats;
const readable = Array.from({ length: newest - oldest + 1 }, (_, index) => oldest + index);
/** Of the chunks of the index, for ever. */
const indexVersionOf = (format: number): number => (format === 1 ? 1 : 2);
const fixture = (format: number, name: string): string => join(here, `format-${format}`, name);
const writes = (path: string): boolean => process.env.SPANWAY_WRITE_JOURNALS === '1' && !existsSync(path);

const compressed = '.gz';
const isJournal = (name: string): boolean => name === 'data.mdb' || name.endsWith('.entries');

/** The journal's files on disk into the fixture of its format, and back. */
function saveFiles(directory: string, format: number): void {
  for (const name of readdirSync(directory).filter(isJournal).sort())
    write(fixture(format, `${name}${compressed}`), gzipSync(readFileSync(join(directory, name))));
}

function restoreFiles(format: number, directory: string): void {
  for (const name of readdirSync(fixture(format, '')).filter((one) => one.endsWith(compressed)))
    writeFileSync(join(directory, name.slice(0, -compressed.length)), gunzipSync(readFileSync(fixture(format, name))));
}

function write(path: string, content: string | Uint8Array): void {
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, content);
}

describe('on disk', () => {
  let directory: ReturnType<typeof temporaryDirectory>;
  let place: Place;

  beforeEach(() => {
    directory = temporaryDirectory();
    place = { storage: 'file_storage', settings: { directory: directory.path }, durability: 'disk' };
  });
  afterEach(() => directory.remove());

  test.each(readable)('a journal of format %i is delivered', { timeout: 90_000 }, async (format) => {
    if (format === newest && writes(fixture(format, 'data.mdb.gz'))) {
      await fill(place, async () => saveFiles(directory.path, format));
      directory.remove();
      mkdirSync(directory.path);
    }
    restoreFiles(format, directory.path);
    await deliver(place, indexVersionOf(format));
  });

  test('a journal of format 2 gets no files of entries, so that the version that made it can come back', async () => {
    restoreFiles(2, directory.path);
    const storage = new FileStorage({ directory: directory.path });
    const journal = await storage.open('langsmith', { durability: 'disk', bytesMax: 2 ** 20 });
    const before = journal.stats().inboxItems;
    await journal.append([{ partition: 0, payload: asBytes(Buffer.from('of today')), items: 1 }]);
    expect(journal.stats().inboxItems).toBe(before + 1);
    expect(readdirSync(directory.path).sort()).toEqual(['data.mdb', 'lock.mdb']);
    await journal.close();
    expect(readdirSync(directory.path).sort()).toEqual(['data.mdb', 'lock.mdb']);
    expect(readFileSync(join(directory.path, 'data.mdb')).includes('of today')).toBe(true);
  });
});

describe('in Redis', () => {
  let server: RedisServer;
  let place: Place;

  beforeEach(async () => {
    server = await RedisServer.start();
    place = { storage: 'redis_storage', settings: { url: `redis://127.0.0.1:${server.port}` }, durability: 'redis_fsync' };
  });
  afterEach(() => server.stop());

  test.each(readable)('a journal of format %i is delivered', { timeout: 90_000 }, async (format) => {
    const path = fixture(format, 'redis.jsonl');
    if (format === newest && writes(path)) {
      await fill(place, async () => write(path, await dump(server.client)));
      await server.client.flushall();
    }
    await restore(server.client, readFileSync(path, 'utf8'));
    await deliver(place, indexVersionOf(format));
  });
});

test('there is a journal of every format that is read', () => {
  for (const format of readable)
    for (const name of ['data.mdb.gz', 'redis.jsonl']) expect(existsSync(fixture(format, name)), `${format}/${name}`).toBe(true);
});

test('the journals on disk hold entries where their format has them', () => {
  for (const format of readable) {
    const names = readdirSync(fixture(format, '')).filter((name) => name.endsWith(`.entries${compressed}`));
    expect(names.length > 0, `${format}`).toBe(format >= 3);
  }
});
