/** Hostile clients of OTLP/HTTP, on raw sockets: each is cut off or answered, and those beside it are served. */
import { afterEach, expect, test } from 'vitest';
import { type RunningReceiver, startReceiver, tracesJsonBody } from '../receivers/running-receiver.ts';
import { answerTo, keepSending, post, type Raw, raw, until } from './clients.ts';

let receiver: RunningReceiver;

afterEach(() => receiver.stop());

const start = async (http: Record<string, unknown> = {}): Promise<void> => {
  receiver = await startReceiver({ http });
};

const head = (...lines: string[]): string =>
  ['POST /v1/traces HTTP/1.1', 'host: x', 'content-type: application/json', ...lines, '', ''].join('\r\n');

const statusOf = (answer: string): number => Number(/^HTTP\/1\.1 (\d+)/.exec(answer)?.[1]);

async function others(hostile: () => Promise<unknown>): Promise<void> {
  const sending = keepSending(receiver);
  await hostile();
  const { sent, failures } = await sending.stop();
  expect(failures).toEqual([]);
  expect(sent).toBeGreaterThanOrEqual(2);
}

const many = (count: number): Promise<Raw[]> => Promise.all(Array.from({ length: count }, () => raw(receiver.httpPort)));

test('clients that send their headers a byte at a time are cut off', async () => {
  await start({ read_header_timeout: '500ms' });
  await others(async () => {
    const slow = await many(50);
    const trickle = setInterval(() => {
      for (const { socket } of slow) socket.write('x');
    }, 50);
    for (const { socket } of slow) socket.write('POST /v1/traces HTTP/1.1\r\nx: ');
    await Promise.all(slow.map(({ closed }) => closed));
    clearInterval(trickle);
  });
});

test('clients that stop in the middle of a body are cut off, and give back what they held', async () => {
  await start({ body_idle_timeout: '300ms' });
  await others(async () => {
    const slow = await many(50);
    for (const { socket } of slow) socket.write(`${head('content-length: 60000000')}{"resource`);
    await Promise.all(slow.map(({ closed }) => closed));
  });
  expect(receiver.heldBytes()).toBe(0);
});

test('clients that send a body a byte at a time are cut off when their time is over', async () => {
  await start({ read_timeout: '500ms', read_header_timeout: '400ms' });
  await others(async () => {
    const slow = await many(20);
    for (const { socket } of slow) socket.write(head('content-length: 1000'));
    const trickle = setInterval(() => {
      for (const { socket } of slow) socket.write(' ');
    }, 50);
    await Promise.all(slow.map(({ closed }) => closed));
    clearInterval(trickle);
  });
  expect(receiver.heldBytes()).toBe(0);
});

test('announcing bodies takes no room from those who send them', async () => {
  await start({ max_in_flight_bytes: '1MiB' });
  const announcing = await many(50);
  for (const { socket } of announcing) socket.write(`${head('content-length: 1000000')}{`);
  expect((await post(receiver, tracesJsonBody({ name: 'x'.repeat(100_000) }))).status).toBe(200);
  for (const { socket } of announcing) socket.destroy();
  await until(() => receiver.heldBytes() === 0);
});

test('one sender does not fill the room for bodies alone', async () => {
  await start({ max_in_flight_bytes: '1MiB' });
  const filling = await many(8);
  for (const { socket } of filling) socket.write(`${head('content-length: 250000')}${' '.repeat(240_000)}`);
  const refused = (): Raw[] => filling.filter(({ text }) => text().startsWith('HTTP/1.1 429'));
  await until(() => refused().length >= 6);
  expect(receiver.heldBytes()).toBeLessThanOrEqual(2 ** 19);
  for (const { socket } of filling) socket.destroy();
  await until(() => receiver.heldBytes() === 0);
  expect((await post(receiver)).status).toBe(200);
});

test('connections beyond the limits are closed, and those that are open go on', async () => {
  await start({ max_connections: 20, max_connections_per_address: 10 });
  const flood = await many(40);
  await until(() => flood.filter(({ socket }) => socket.destroyed || socket.readableEnded).length >= 30);
  const open = flood.filter(({ socket }) => !socket.destroyed && !socket.readableEnded);
  expect(open).toHaveLength(10);
  const body = tracesJsonBody();
  (open[0] as Raw).socket.write(head(`content-length: ${body.length}`) + body);
  await until(() => (open[0] as Raw).text().startsWith('HTTP/1.1 200'));
  for (const { socket } of open) socket.destroy();
  await until(async () => (await post(receiver).catch(() => undefined))?.status === 200);
});

test('kept connections without a request are closed', async () => {
  await start({ idle_timeout: '200ms' });
  const body = tracesJsonBody();
  expect(statusOf(await answerTo(receiver.httpPort, head(`content-length: ${body.length}`) + body))).toBe(200);
});

test('headers that are too large or too many are refused', async () => {
  await start();
  expect(statusOf(await answerTo(receiver.httpPort, head(`x: ${'x'.repeat(40_000)}`)))).toBe(431);
  const headers = Array.from({ length: 1_000 }, (_, at) => `x-${at}: 1`);
  expect(statusOf(await answerTo(receiver.httpPort, `${head(...headers, 'content-length: 2')}{}`))).toBe(431);
  expect(receiver.batches).toEqual([]);
});

const smuggled = `POST /v1/traces HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: ${tracesJsonBody().length}\r\n\r\n${tracesJsonBody()}`;

test.each([
  ['a length and chunks', ['content-length: 4', 'transfer-encoding: chunked'], `0\r\n\r\n${smuggled}`],
  ['chunks and a length', ['transfer-encoding: chunked', 'content-length: 4'], `0\r\n\r\n${smuggled}`],
  ['two lengths', ['content-length: 0', `content-length: ${smuggled.length}`], smuggled],
  ['a list of lengths', ['content-length: 0, 5'], smuggled],
  ['a negative length', ['content-length: -1'], smuggled],
  ['a length with a sign', ['content-length: +2'], `{}${smuggled}`],
  ['a length in hex', ['content-length: 0x2'], `{}${smuggled}`],
  ['a length without end', ['content-length: 99999999999999999999999'], smuggled],
  ['an encoding behind the chunks', ['transfer-encoding: chunked, identity'], `0\r\n\r\n${smuggled}`],
  ['an encoding that is nearly chunked', ['transfer-encoding: xchunked'], `0\r\n\r\n${smuggled}`],
  ['a space before the colon', ['content-length : 2'], `{}${smuggled}`],
  ['a folded header', ['transfer-encoding:', ' chunked'], `0\r\n\r\n${smuggled}`],
  ['a size of a chunk that is none', ['transfer-encoding: chunked'], `0x5\r\n{}\r\n0\r\n\r\n${smuggled}`],
  ['a lone line feed', ['transfer-encoding: chunked'], `2\n{}\n0\n\n${smuggled}`],
])('a request with %s smuggles no other one in', async (_, lines, body) => {
  await start();
  const answer = await answerTo(receiver.httpPort, head(...lines) + body);
  expect(answer).not.toContain(' 200 ');
  expect(receiver.batches).toEqual([]);
  expect((await post(receiver)).status).toBe(200);
});

test('an absurd length is refused before anything is read or made room for', async () => {
  await start();
  expect(statusOf(await answerTo(receiver.httpPort, head('content-length: 9007199254740991')))).toBe(413);
  expect(receiver.heldBytes()).toBe(0);
});

test('trailers behind chunks are read over, and limited', async () => {
  await start();
  const body = tracesJsonBody();
  const chunked = `${head('transfer-encoding: chunked', 'connection: close')}${body.length.toString(16)}\r\n${body}\r\n0\r\n`;
  expect(statusOf(await answerTo(receiver.httpPort, `${chunked}x-trailer: 1\r\n\r\n`))).toBe(200);
  expect(await answerTo(receiver.httpPort, `${chunked}x-trailer: ${'x'.repeat(100_000)}\r\n\r\n`)).not.toContain(' 200 ');
  expect(receiver.batches).toHaveLength(1);
});

test('chunks of one byte with long extensions are cut off', async () => {
  await start();
  const chunks = `1;${'x'.repeat(20_000)}\r\n \r\n`.repeat(5);
  expect(await answerTo(receiver.httpPort, `${head('transfer-encoding: chunked')}${chunks}`)).not.toContain(' 200 ');
  expect(receiver.heldBytes()).toBe(0);
});

test('bodies that are broken off leave nothing behind', async () => {
  await start();
  await others(async () => {
    const clients = await many(100);
    for (const { socket } of clients) {
      socket.write(`${head('content-length: 100000')}{"resourceSpans`);
      socket.destroy();
    }
    await Promise.all(clients.map(({ closed }) => closed));
  });
  await until(() => receiver.heldBytes() === 0);
});
