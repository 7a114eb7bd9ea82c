/** A small HTTP server for operators: fixed paths, GET only, nothing of a request is read but its path. */
import { createServer, type Server } from 'node:http';
import { Fault } from '../model/fault.ts';

export interface Page {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
}

export type Pages = ReadonlyMap<string, () => Promise<Page> | Page>;

const bodyTimeoutMs = 10_000;

/** Listens; rejects with `GW_START_FAILED` if it cannot. */
export async function startAdminServer(
  name: string,
  host: string,
  port: number,
  pages: Pages,
): Promise<{ readonly port: number; close(): Promise<void> }> {
  const server: Server = createServer(
    { headersTimeout: bodyTimeoutMs, requestTimeout: bodyTimeoutMs, maxHeaderSize: 16_384 },
    (request, response) => {
      const page = pages.get((request.url ?? '/').split('?', 1)[0] as string);
      const answer = (answered: Page): void => {
        response.writeHead(answered.status, { 'content-type': answered.contentType, 'content-length': Buffer.byteLength(answered.body) });
        response.end(request.method === 'HEAD' ? '' : answered.body);
      };
      request.resume();
      if (!page) return answer({ status: 404, contentType: 'text/plain', body: '404 page not found' });
      if (request.method !== 'GET' && request.method !== 'HEAD')
        return answer({ status: 405, contentType: 'text/plain', body: '405 method not allowed, supported: [GET]' });
      Promise.resolve()
        .then(page)
        .then(answer, () => answer({ status: 500, contentType: 'text/plain', body: '500 internal error' }));
    },
  );
  server.maxConnections = 100;
  server.listen(port, host);
  await new Promise<void>((resolve, reject) => {
    server.once('listening', resolve);
    server.once('error', (error: NodeJS.ErrnoException) => {
      const reason = error.code === 'EADDRINUSE' ? 'bind: address already in use' : error.message;
      const hint = `another process uses port ${port}; stop it, or configure another endpoint`;
      reject(
        new Fault(
          'GW_START_FAILED',
          `cannot start ${name}: listen tcp ${host}:${port}: ${reason}`,
          error.code === 'EADDRINUSE' ? { hint } : {},
        ),
      );
    });
  });
  const address = server.address();
  return {
    port: address !== null && typeof address === 'object' ? address.port : port,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
