/** Bodies that are small on the wire and large behind it: compressed, nested, or of very many parts. */
import { deflateSync, gzipSync } from 'node:zlib';
import { compress } from '@cloudpss/zstd/wasm';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type RunningReceiver, spanId, startReceiver, traceId, tracesJsonBody } from '../receivers/running-receiver.ts';
import { keepSending, post } from './clients.ts';

let receiver: RunningReceiver;

beforeEach(async () => {
  receiver = await startReceiver();
});
afterEach(() => receiver.stop());

const send = async (body: string | Uint8Array, encoding?: string): Promise<{ status: number; text: string }> => {
  const response = await post(receiver, body, {
    'content-type': 'application/json',
    ...(encoding ? { 'content-encoding': encoding } : {}),
  });
  return { status: response.status, text: await response.text() };
};

const zstd = (bytes: Uint8Array): Uint8Array => compress(bytes, 3);
const encodings: [string, (bytes: Uint8Array) => Uint8Array][] = [
  ['gzip', gzipSync],
  ['deflate', deflateSync],
  ['zstd', zstd],
];

test.each(encodings)('a body of %s that grows more than 250 times is refused, beside others that are served', async (encoding, pack) => {
  const bomb = pack(Buffer.alloc(60 * 2 ** 20, ' '));
  const sending = keepSending(receiver);
  const answers = await Promise.all(Array.from({ length: 10 }, () => send(bomb, encoding)));
  expect(answers.map(({ status }) => status)).toEqual(new Array(10).fill(413));
  expect(answers[0]?.text).toMatch(/250 times larger|too many for its size/);
  expect((await sending.stop()).failures).toEqual([]);
  expect(receiver.heldBytes()).toBe(0);
});

test.each(encodings)('a body of %s that grows a hundred times is taken', async (encoding, pack) => {
  const words = Array.from({ length: 40_000 }, (_, at) => `${Math.imul(at, 2_654_435_761) >>> 0}`).join(' ');
  expect((await send(pack(Buffer.from(tracesJsonBody({ name: words + 'x'.repeat(words.length * 20) }))), encoding)).status).toBe(200);
});

test('what is decompressed counts as held', async () => {
  await receiver.stop();
  receiver = await startReceiver({ http: { max_in_flight_bytes: '300KiB' } });
  expect((await send(gzipSync(Buffer.alloc(400_000, ' ')), 'gzip')).status).toBe(429);
  expect(receiver.heldBytes()).toBe(0);
});

/** Frame header with a window descriptor, then raw blocks of one byte each. */
function zstdFrame(windowDescriptor: number, blocks: number): Buffer {
  const block = (last: number): Buffer => Buffer.from([(1 << 3) | last, 0, 0, 0x20]);
  const body = Buffer.concat(Array.from({ length: blocks }, (_, at) => block(at === blocks - 1 ? 1 : 0)));
  return Buffer.concat([Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x00, windowDescriptor]), body]);
}

test('zstd frames that ask for much memory or work are refused before they are decoded', async () => {
  const startedAt = performance.now();
  const large = await send(zstdFrame(0xa0, 1), 'zstd');
  expect(large.status).toBe(413);
  expect(large.text).toContain('window of more than');
  const laborious = await send(zstdFrame(13 << 3, 20_000), 'zstd');
  expect(laborious.status).toBe(413);
  expect(laborious.text).toContain('too many for its size');
  expect(performance.now() - startedAt).toBeLessThan(2_000);
  expect((await send(zstdFrame(0, 100), 'zstd')).text).not.toContain('cannot decompress');
});

test.each([
  ['no frame', Buffer.from('hello, this is no frame')],
  ['half a header', Buffer.from([0x28, 0xb5, 0x2f, 0xfd])],
  ['a frame without an end', zstdFrame(0, 3).subarray(0, 12)],
  ['garbage behind a frame', Buffer.concat([zstdFrame(0, 1), Buffer.from('garbage')])],
])('zstd of %s is refused', async (_, body) => {
  expect((await send(body, 'zstd')).status).toBe(400);
});

const nested = (depth: number): string => {
  const open = '{"arrayValue":{"values":['.repeat(depth);
  return tracesJsonBody().replace(
    '"name":"chat"',
    `"name":"chat","attributes":[{"key":"k","value":${open}{"stringValue":"x"}${']}}'.repeat(depth)}}]`,
  );
};

test('values nested too deep cost the span at the most, however deep, in JSON and in protobuf', async () => {
  expect((await send(nested(20))).text).not.toContain('rejected');
  for (const depth of [100, 5_000, 200_000]) {
    const { status, text } = await send(nested(depth));
    expect(status === 400 || text.includes('rejectedSpans')).toBe(true);
  }
  expect((await send('['.repeat(1_000_000))).status).toBe(400);
  expect((await send(`{"resourceSpans":${'['.repeat(100_000)}`)).status).toBe(400);
  expect((await post(receiver, nestedProtobuf(3_000))).status).toBeLessThan(500);
});

/** Lengths of `length` bytes of content, as varints. */
function varint(length: number): Buffer {
  const bytes: number[] = [];
  let rest = length;
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 128);
  return Buffer.from([...bytes, rest]);
}

const field = (number: number, content: Uint8Array): Buffer =>
  Buffer.concat([Buffer.from([(number << 3) | 2]), varint(content.length), content]);

function nestedProtobuf(depth: number): Buffer {
  let value: Buffer = field(1, Buffer.from('x'));
  for (let level = 0; level < depth; level++) value = field(5, field(1, value));
  const attribute = field(9, Buffer.concat([field(1, Buffer.from('k')), field(2, value)]));
  const span = Buffer.concat([
    field(1, Buffer.from(traceId, 'hex')),
    field(2, Buffer.from(spanId, 'hex')),
    field(5, Buffer.from('chat')),
    attribute,
  ]);
  return field(1, field(2, field(2, span)));
}

test('very many spans or attributes are refused in time, beside others that are served', async () => {
  const sending = keepSending(receiver);
  const span = { traceId, spanId, name: 'a' };
  const spans = JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans: new Array(100_001).fill(span) }] }] });
  expect((await send(spans)).status).toBe(400);
  const attributes = Array.from({ length: 20_000 }, (_, at) => ({ key: `k${at}`, value: { intValue: '1' } }));
  expect((await send(tracesJsonBody({ attributes }))).text).toContain('rejectedSpans');
  expect((await sending.stop()).failures).toEqual([]);
});

test('names of objects are data: nothing of a request reaches a prototype', async () => {
  const body = tracesJsonBody({
    attributes: [
      { key: '__proto__', value: { stringValue: 'x' } },
      { key: 'constructor', value: { stringValue: 'y' } },
    ],
  });
  expect((await send(body.replace('{"resourceSpans"', '{"__proto__":{"polluted":true},"resourceSpans"'))).status).toBe(200);
  expect(({} as Record<string, unknown>).polluted).toBeUndefined();
});
