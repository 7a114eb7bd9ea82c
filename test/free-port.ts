import { createServer } from 'node:net';

/**
 * A port that nobody has, outside the range from which the system takes ports of outgoing connections (32768 on): between this answer and the start of
 * the server nothing else takes it.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = 12_000 + Math.floor(Math.random() * 20_000);
    const listener = createServer();
    const free = await new Promise<boolean>((resolve) =>
      listener.once('error', () => resolve(false)).listen(port, '127.0.0.1', () => resolve(true)),
    );
    if (!free) continue;
    await new Promise((resolve) => listener.close(resolve));
    return port;
  }
}
