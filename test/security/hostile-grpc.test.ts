/** Hostile clients of OTLP/gRPC, with frames by hand: each loses its call or its connection, and those beside it are served. */
import grpc from '@grpc/grpc-js';
import { afterEach, expect, test } from 'vitest';
import { type RunningReceiver, startReceiver } from '../receivers/running-receiver.ts';
import { call, grpcClient, keepSending, portOf, protobufBody, type Raw, raw, until } from './clients.ts';
import {
  callFields,
  callHeaders,
  endHeaders,
  endStream,
  FrameType,
  frame,
  frameTypes,
  hpack,
  message,
  preface,
  reset,
  settings,
  wholeCall,
} from './http2-frames.ts';

let receiver: RunningReceiver;

afterEach(() => receiver.stop());

const start = async (settings: Record<string, unknown> = {}): Promise<void> => {
  receiver = await startReceiver({ grpc: settings });
};

/** A connection that has said that it speaks HTTP/2. */
async function open(): Promise<Raw> {
  const connection = await raw(portOf(receiver.grpcAddress));
  connection.socket.write(Buffer.concat([preface, settings]));
  return connection;
}

async function others(hostile: () => Promise<unknown>): Promise<void> {
  const sending = keepSending(receiver);
  await hostile();
  const { sent, failures } = await sending.stop();
  expect(failures).toEqual([]);
  expect(sent).toBeGreaterThanOrEqual(2);
}

const received = ({ text }: Raw, type: number): number => frameTypes(text()).filter((one) => one === type).length;

test('frames by hand make calls', async () => {
  await start();
  const connection = await open();
  connection.socket.write(wholeCall(1, protobufBody()));
  await until(() => receiver.batches.length === 1);
  await until(() => received(connection, FrameType.headers) === 2);
  connection.socket.destroy();
});

test('connections that never say that they speak HTTP/2, or speak something else, are cut off', async () => {
  await start({ handshake_timeout: '100ms' });
  await others(async () => {
    const port = portOf(receiver.grpcAddress);
    const silent = await raw(port);
    const half = await raw(port);
    half.socket.write(preface.subarray(0, 10));
    const other = await raw(port);
    other.socket.write('GET / HTTP/1.1\r\nhost: x\r\n\r\n');
    await Promise.all([silent.closed, half.closed, other.closed]);
  });
});

test('calls that stop in the middle of their message are ended, and give back what they held', async () => {
  await start({ body_idle_timeout: '300ms' });
  await others(async () => {
    const connection = await open();
    for (let stream = 1; stream < 200; stream += 2)
      connection.socket.write(
        Buffer.concat([callHeaders(stream), frame(FrameType.data, 0, stream, message(Buffer.alloc(100), 60_000_000))]),
      );
    await until(() => received(connection, FrameType.headers) === 100);
    connection.socket.destroy();
  });
  await until(() => receiver.heldBytes() === 0);
});

test('calls that send a byte at a time are ended when their time is over', async () => {
  await start({ read_timeout: '500ms' });
  const connection = await open();
  connection.socket.write(Buffer.concat([callHeaders(1), frame(FrameType.data, 0, 1, message(Buffer.alloc(0), 1_000))]));
  const trickle = setInterval(() => connection.socket.write(frame(FrameType.data, 0, 1, Buffer.alloc(1))), 50);
  await until(() => received(connection, FrameType.headers) === 1);
  clearInterval(trickle);
  connection.socket.destroy();
  await until(() => receiver.heldBytes() === 0);
});

test('one sender does not fill the room for bodies alone', async () => {
  receiver = await startReceiver({ http: { max_in_flight_bytes: '1MiB' } });
  const connection = await open();
  for (let stream = 1; stream < 400; stream += 2)
    connection.socket.write(Buffer.concat([callHeaders(stream), frame(FrameType.data, 0, stream, message(Buffer.alloc(10_000), 20_000))]));
  await until(() => received(connection, FrameType.headers) >= 140);
  expect(receiver.heldBytes()).toBeLessThanOrEqual(2 ** 19);
  connection.socket.destroy();
  await until(() => receiver.heldBytes() === 0);
});

test('a client that begins calls only to give them up loses its connection', async () => {
  await start();
  await others(async () => {
    const connection = await open();
    for (let stream = 1; stream < 20_000 && !connection.socket.destroyed; stream += 20) {
      const streams = Array.from({ length: 10 }, (_, at) => stream + 2 * at);
      connection.socket.write(Buffer.concat(streams.flatMap((one) => [callHeaders(one), reset(one)])));
      await new Promise((resolve) => setImmediate(resolve));
    }
    await connection.closed;
  });
  expect(receiver.heldBytes()).toBe(0);
});

test('a client that gives up some of its calls keeps its connection', async () => {
  await start();
  const connection = await open();
  for (let stream = 1; stream < 1_200; stream += 4) {
    connection.socket.write(Buffer.concat([callHeaders(stream), reset(stream), wholeCall(stream + 2, protobufBody())]));
    await until(() => receiver.batches.length === (stream + 3) / 4);
  }
  expect(connection.socket.destroyed).toBe(false);
  connection.socket.destroy();
});

test('calls beyond the limit of a connection are refused, and those within it are served', async () => {
  await start({ max_concurrent_streams: 10 });
  const connection = await open();
  await until(() => received(connection, FrameType.settings) >= 2);
  connection.socket.write(Buffer.concat(Array.from({ length: 30 }, (_, at) => callHeaders(1 + 2 * at))));
  await until(() => received(connection, FrameType.reset) === 20);
  connection.socket.write(frame(FrameType.data, endStream, 1, message(protobufBody())));
  await until(() => receiver.batches.length === 1);
  connection.socket.destroy();
});

const floods: [name: string, frames: (count: number) => Buffer][] = [
  ['SETTINGS', () => settings],
  ['PING', () => frame(FrameType.ping, 0, 0, Buffer.alloc(8))],
  ['PRIORITY', (count) => frame(FrameType.priority, 0, 2 * count + 1, Buffer.from([0, 0, 0, 0, 1]))],
  ['WINDOW_UPDATE', () => frame(FrameType.windowUpdate, 0, 0, Buffer.from([0, 0, 0, 1]))],
  ['empty DATA', (count) => (count === 0 ? callHeaders(1) : frame(FrameType.data, 0, 1))],
  ['CONTINUATION', (count) => (count === 0 ? callHeaders(1, 0) : frame(FrameType.continuation, 0, 1, hpack([['x', 'y'.repeat(100)]])))],
  ['unknown frames', () => frame(0x77, 0, 0, Buffer.alloc(8))],
];

test.each(floods)('a flood of %s holds up nobody', async (_, frames) => {
  await start({ body_idle_timeout: '500ms' });
  await others(async () => {
    const connection = await open();
    for (let count = 0; count < 20_000 && !connection.socket.destroyed; count += 100) {
      const burst = Buffer.concat(Array.from({ length: 100 }, (_none, at) => frames(count + at)));
      if (!connection.socket.write(burst))
        await Promise.race([new Promise((resolve) => connection.socket.once('drain', resolve)), connection.closed]);
    }
    connection.socket.destroy();
    await connection.closed;
  });
  await until(() => receiver.heldBytes() === 0);
});

const wrong: [name: string, Buffer][] = [
  ['DATA of no stream', frame(FrameType.data, 0, 0, Buffer.alloc(10))],
  ['HEADERS of an even stream', callHeaders(2)],
  ['a frame larger than agreed', frame(FrameType.data, 0, 1, Buffer.alloc(1 << 20))],
  ['a compression that is none', frame(FrameType.headers, endHeaders, 1, Buffer.from([0xff, 0xff, 0xff, 0xff, 0xff]))],
  ['a window that overflows', frame(FrameType.windowUpdate, 0, 0, Buffer.from([0x7f, 0xff, 0xff, 0xff]))],
  ['SETTINGS of a wrong length', frame(FrameType.settings, 0, 0, Buffer.alloc(5))],
  ['CONTINUATION behind nothing', frame(FrameType.continuation, endHeaders, 1, hpack(callFields))],
];

/** Node says GOAWAY and leaves such a connection open: it answers no ping any more. */
test.each(wrong)('a connection that sends %s is closed', async (_, bytes) => {
  await start({ keepalive: { server_parameters: { time: '100ms', timeout: '100ms' } } });
  const connection = await open();
  connection.socket.write(bytes);
  await connection.closed;
  const client = grpcClient(receiver);
  expect(await call(client)).toBeUndefined();
  client.close();
});

test('headers that are too large or too many end the call', async () => {
  await start();
  for (const fields of [[['x', 'y'.repeat(60_000)]], Array.from({ length: 2_000 }, (_, at) => [`x${at}`, 'y'])] as [string, string][][]) {
    const connection = await open();
    const block = hpack([...callFields, ...fields]);
    connection.socket.write(frame(FrameType.headers, 0, 1, block.subarray(0, 16_000)));
    for (let at = 16_000; at < block.length; at += 16_000)
      connection.socket.write(
        frame(FrameType.continuation, at + 16_000 >= block.length ? endHeaders : 0, 1, block.subarray(at, at + 16_000)),
      );
    connection.socket.write(frame(FrameType.data, endStream, 1, message(protobufBody())));
    const types = [FrameType.reset, FrameType.goAway, FrameType.headers];
    await until(() => types.some((type) => received(connection, type) > 0));
    connection.socket.destroy();
  }
  expect(receiver.batches).toEqual([]);
});

const grpcStatus = async (bytes: Buffer): Promise<Raw> => {
  const connection = await open();
  connection.socket.write(Buffer.concat([callHeaders(1), frame(FrameType.data, endStream, 1, bytes)]));
  await until(() => received(connection, FrameType.headers) === 1);
  connection.socket.destroy();
  return connection;
};

test('messages that are cut off, doubled, or of an unknown form are refused', async () => {
  await start();
  for (const bytes of [
    message(protobufBody(), 10_000),
    Buffer.concat([message(protobufBody()), message(protobufBody())]),
    message(protobufBody(), undefined, 7),
    Buffer.from([0, 0]),
    Buffer.alloc(0),
  ])
    await grpcStatus(bytes);
  expect(receiver.batches).toEqual([]);
  expect(receiver.heldBytes()).toBe(0);
});

test('a message that says that it is too large is refused before it comes', async () => {
  await start();
  const connection = await open();
  connection.socket.write(Buffer.concat([callHeaders(1), frame(FrameType.data, 0, 1, message(Buffer.alloc(1), 0xffffffff))]));
  await until(() => received(connection, FrameType.headers) === 1);
  expect(receiver.heldBytes()).toBe(0);
  connection.socket.destroy();
});

test('what is no gRPC is answered in its own words', async () => {
  await start();
  const connection = await open();
  const fields = callFields.map(([name, value]) => [name, name === 'content-type' ? 'text/plain' : value] as const);
  connection.socket.write(frame(FrameType.headers, endHeaders | endStream, 1, hpack(fields)));
  await until(() => received(connection, FrameType.headers) === 1);
  connection.socket.destroy();
  expect(receiver.batches).toEqual([]);
});

test('a compressed message that grows too much is refused for good, one that grows a little is taken', async () => {
  await start();
  const client = grpcClient(receiver, undefined, { 'grpc.default_compression_algorithm': 2, 'grpc.max_send_message_length': -1 });
  expect(await call(client, protobufBody())).toBeUndefined();
  const error = await call(client, Buffer.alloc(60 * 2 ** 20));
  expect(error?.code).toBe(grpc.status.RESOURCE_EXHAUSTED);
  expect(error?.metadata.get('grpc-status-details-bin')).toEqual([]);
  client.close();
  expect(receiver.heldBytes()).toBe(0);
});

test('connections that are idle or old are closed without a call lost', async () => {
  await start({ keepalive: { server_parameters: { max_connection_age: '1s', max_connection_idle: '500ms' } } });
  const idle = await open();
  const client = grpcClient(receiver);
  await idle.closed;
  const end = Date.now() + 2_500;
  const errors = [];
  while (Date.now() < end) errors.push(await call(client));
  expect(errors.filter((error) => error !== undefined)).toEqual([]);
  client.close();
});

test('clients that ask too often whether the connection is alive are cut off, if that is set', async () => {
  await start({ keepalive: { enforcement_policy: { min_time: '10s' } } });
  const connection = await open();
  for (let count = 0; count < 5; count++) connection.socket.write(frame(FrameType.ping, 0, 0, Buffer.alloc(8)));
  await connection.closed;
});

test('connections that answer no ping are closed', async () => {
  await start({ keepalive: { server_parameters: { time: '100ms', timeout: '100ms' } } });
  const connection = await open();
  await connection.closed;
  expect(received(connection, FrameType.ping)).toBe(1);
});

test('connections beyond the limit are closed', async () => {
  await start({ max_connections: 5 });
  const flood = await Promise.all(Array.from({ length: 10 }, () => raw(portOf(receiver.grpcAddress))));
  await until(() => flood.filter(({ socket }) => socket.destroyed || socket.readableEnded).length >= 7);
  expect(flood.filter(({ socket }) => !socket.destroyed && !socket.readableEnded)).toHaveLength(3);
  for (const { socket } of flood) socket.destroy();
});
