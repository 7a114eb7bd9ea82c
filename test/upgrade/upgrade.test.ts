/**
 * A journal that a former version left is delivered by this one. `format-N` holds a journal of each format, as it was on disk and in Redis.
 * After a change of the layout that raised the format, `SPANWAY_WRITE_JOURNALS=1 npx vitest run test/upgrade` adds the one of the new format;
 * the others stay as they are.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { formats } from '../../src/journal/format.ts';
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

function write(path: string, content: string | Uint8Array): void {
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, content);
}

describe('on disk', () => {
  let directory: ReturnType<typeof temporaryDirectory>;
  let place: Place;
  const file = (): string => join(directory.path, 'data.mdb');

  beforeEach(() => {
    directory = temporaryDirectory();
    place = { storage: 'file_storage', settings: { directory: directory.path }, durability: 'disk' };
  });
  afterEach(() => directory.remove());

  test.each(readable)('a journal of format %i is delivered', { timeout: 90_000 }, async (format) => {
    const path = fixture(format, 'data.mdb.gz');
    if (format === newest && writes(path)) await fill(place, async () => write(path, gzipSync(readFileSync(file()))));
    writeFileSync(file(), gunzipSync(readFileSync(path)));
    await deliver(place, indexVersionOf(format));
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
