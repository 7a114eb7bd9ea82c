import { gunzipSync } from 'node:zlib';
import { decompress } from 'fzstd';
import { afterEach, expect, test } from 'vitest';
import { createCompressor } from '../../src/exporters/compressor/compressor.ts';
import { ZstdThread } from '../../src/exporters/compressor/zstd-thread.ts';
import { type Bytes, bytes } from '../../src/model/bytes.ts';

const compressor = createCompressor();
const thread = new ZstdThread(3);
afterEach(async () => {
  await compressor.close();
  await thread.close();
});

const body = bytes.from(JSON.stringify(Array.from({ length: 5_000 }, (_, index) => ({ index, text: `message ${index % 17}` }))));

test.each(['zstd', 'gzip', 'identity'] as const)('%s gives the body back, and leaves the caller its own', async (encoding) => {
  const compressed = await compressor.compress(body, encoding);
  expect(compressed.length <= body.length).toBe(true);
  expect((await compressor.decompress(compressed, encoding, body.length)).equals(body)).toBe(true);
  expect(body.length).toBeGreaterThan(0);
});

test('others can read it: one zstd frame, one gzip member', async () => {
  expect(body.equals(decompress(await compressor.compress(body, 'zstd')))).toBe(true);
  expect(body.equals(gunzipSync(await compressor.compress(body, 'gzip')))).toBe(true);
});

test('a range of a larger buffer is compressed as the range only', async () => {
  const range = body.subarray(100, 200);
  expect(range.equals(decompress(await compressor.compress(range, 'zstd')))).toBe(true);
});

test.each(['zstd', 'gzip'] as const)('a %s body in shared memory is read where it stands', async (encoding) => {
  const shared = bytes.from(new SharedArrayBuffer(body.length + 100)).subarray(50, 50 + body.length);
  shared.set(body);
  const bodies = await Promise.all([compressor.compress(shared, encoding), compressor.compress(shared, encoding)]);
  for (const compressed of bodies) expect((await compressor.decompress(compressed, encoding, body.length)).equals(body)).toBe(true);
  expect(body.equals(decompress(await thread.compress(shared)))).toBe(true);
});

test.each(['zstd', 'gzip'] as const)('a damaged %s body is an error, not a guess', async (encoding) => {
  const compressed = await compressor.compress(body, encoding);
  await expect(compressor.decompress(compressed.subarray(0, compressed.length >> 1) as Bytes, encoding, body.length)).rejects.toThrow();
});

test.each(['zstd', 'gzip'] as const)('a %s body that swells beyond its size is an error', async (encoding) => {
  const compressed = await compressor.compress(body, encoding);
  await expect(compressor.decompress(compressed, encoding, body.length - 1)).rejects.toThrow();
  await expect(thread.decompress(await thread.compress(body), body.length - 1)).rejects.toThrow('cannot decompress');
});

test('many bodies at once come back each to its own caller', async () => {
  const bodies = Array.from({ length: 50 }, (_, index) => bytes.from(`${index}`.repeat(1_000 + index)));
  const compressed = await Promise.all(bodies.map((one) => thread.compress(one)));
  for (const [index, one] of bodies.entries()) expect(one.equals(decompress(compressed[index] as Bytes))).toBe(true);
});

test('a thread that dies is replaced, and its work is done by the next one', async () => {
  await thread.compress(body);
  const under = [thread.compress(body), thread.compress(body), thread.compress(body)];
  await thread.close();
  for (const compressed of await Promise.all(under)) expect(body.equals(decompress(compressed))).toBe(true);
});

test('the event loop goes on while a large body is compressed', async () => {
  const large = bytes.concat(Array.from({ length: 60 }, () => body));
  let turns = 0;
  let compressing = true;
  const turn = (): void => {
    turns += 1;
    if (compressing) setImmediate(turn);
  };
  turn();
  await thread.compress(large);
  compressing = false;
  expect(turns).toBeGreaterThan(20);
});
