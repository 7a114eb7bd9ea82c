import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { Client } from '../../src/exporters/langsmith/upload/client.ts';
import { bytes } from '../../src/model/bytes.ts';
import type { Destination } from '../../src/model/destination.ts';
import { Secret } from '../../src/model/secret.ts';
import { until } from '../exporter/world.ts';

/** More than the kernel takes from a sender whose receiver does not read. */
const bodyBytes = 64 << 20;

/** A server that answers as soon as a request begins, and reads the rest when it is told to. */
async function hastyServer(): Promise<{ url: string; read: () => void }> {
  let connection: Socket | undefined;
  const server = createServer((socket) => {
    connection = socket.on('error', () => undefined);
    socket.once('data', () => socket.pause().write('HTTP/1.1 202 Accepted\r\ncontent-length: 2\r\n\r\n{}'));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    connection?.destroy();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, read: () => void connection?.resume() };
}

function clientOf(endpoint: string): Client {
  const client = new Client({ endpoint, connectionsMax: 2, timeoutMs: 10_000, userAgent: 'spanway/0.0.0', headers: new Map() });
  onTestFinished(() => client.close());
  return client;
}

async function send(client: Client, endpoint: string, body: ReturnType<typeof bytes.from>): Promise<string> {
  const destination: Destination = { endpoint, apiKey: new Secret('key'), workspaceId: '' };
  const message = { path: '/runs/multipart', contentType: 'multipart/form-data; boundary=b', encoding: 'identity', body } as const;
  return (await client.send(message, destination, new AbortController().signal, () => 0)).kind;
}

test('a body of which a part is still to be written is not said to be sent, although the server has answered', async () => {
  const { url, read } = await hastyServer();
  const client = clientOf(url);
  expect(await send(client, url, bytes.allocUnsafeSlow(bodyBytes))).toBe('delivered');
  expect(client.sentAll).toBe(false);
  read();
  await until(() => client.sentAll);
});

test('a body that the kernel has taken is sent, and without a connection nobody knows', async () => {
  const { url } = await hastyServer();
  const client = clientOf(url);
  expect(client.sentAll).toBe(false);
  expect(await send(client, url, bytes.from('{}'))).toBe('delivered');
  expect(client.sentAll).toBe(true);
});
