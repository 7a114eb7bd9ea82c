/** A sink under a name that stays the same, since a journal's content belongs to an endpoint. The way there is a proxy, as operators name theirs. */
import { createServer, type IncomingMessage } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import type { Duplex } from 'node:stream';
import { vi } from 'vitest';
import type { Sink } from '../../src/sink/sink.ts';
import { strictSink } from '../e2e/harness.ts';

export interface FarSink {
  readonly url: string;
  readonly sink: Sink;
  close(): Promise<void>;
}

export async function farSink(): Promise<FarSink> {
  const sink = await strictSink();
  const clients = new Set<Duplex>();
  const proxy = createServer().on('connect', (_request: IncomingMessage, client: Duplex) => {
    clients.add(client);
    const target = connect(sink.port, '127.0.0.1', () => client.write('HTTP/1.1 200 OK\r\n\r\n'));
    for (const end of [client, target]) end.on('error', () => {});
    target.pipe(client).pipe(target);
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  vi.stubEnv('HTTP_PROXY', `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`);
  return {
    url: 'http://langsmith.example',
    sink,
    close: async () => {
      vi.unstubAllEnvs();
      for (const client of clients) client.destroy();
      await new Promise((resolve) => proxy.close(resolve));
      await sink.close();
    },
  };
}
