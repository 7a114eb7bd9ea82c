/** The storage extensions as the program makes them. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { z } from 'zod';
import { fileStorage } from '../../src/journal/file/file-storage.ts';
import { memoryStorage } from '../../src/journal/memory/memory-storage.ts';
import { systemClock } from '../../src/journal/system-clock.ts';
import { asBytes } from '../../src/model/bytes.ts';
import type { Deps } from '../../src/model/component.ts';
import type { Observer } from '../../src/model/observer.ts';

const observer = new Proxy({}, { get: () => () => {} }) as Observer;
const deps: Deps = { id: 'file_storage', observer, clock: systemClock };

let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'spanway-extension-'));
});

afterEach(() => rm(directory, { recursive: true }));

const parse = (given: unknown): unknown => (fileStorage.schema as z.ZodType).parse(given);

test('file_storage syncs, makes its directory and takes units as the Collector does', () => {
  expect(parse({})).toEqual({
    directory: '.spanway/journal',
    create_directory: true,
    directory_permissions: '0750',
    timeout: 5_000,
    fsync: true,
    max_size: 256 * 2 ** 30,
  });
  expect(parse({ timeout: '1s', max_size: '2GiB' })).toMatchObject({ timeout: 1_000, max_size: 2 ** 31 });
});

test('file_storage shows trouble with its directory when it starts', async () => {
  const file = join(directory, 'file');
  await writeFile(file, '');
  await expect(fileStorage.create(parse({ directory: file }), deps).start()).rejects.toMatchObject({ code: 'GW_JOURNAL_UNAVAILABLE' });
});

test('journals of both extensions work between start and stop', async () => {
  for (const [factory, durability] of [
    [fileStorage, 'disk'],
    [memoryStorage, 'memory'],
  ] as const) {
    const extension = factory.create(parse({ directory }), deps);
    await extension.start();
    const journal = await extension.open('langsmith', { durability, bytesMax: 1e6 });
    expect(await journal.append([{ partition: 0, payload: asBytes(Buffer.from('x')), items: 1 }])).toMatchObject({ durability, items: 1 });
    await journal.close();
    await extension.stop(Date.now());
  }
});
