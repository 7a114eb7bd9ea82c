/** A small HTTP server for operators: GET only, nothing of a request is read but its path and query and, where pages ask for them, its headers. */
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import { Fault } from '../model/fault.ts';

export interface Page {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
}

type Answer = (query: URLSearchParams) => Promise<Page> | Page;

export type Pages = ReadonlyMap<string, Answer>;

/** The page of a path, where these are not a fixed few. */
export type PageOf = (path: string, headers: IncomingHttpHeaders) => Answer | undefined;

const bodyTimeoutMs = 10_000;

/** Listens; rejects with `GW_START_FAILED` if it cannot. */
export async function startAdminServer(
  name: string,
  host: string,
  port: number,
  pages: Pages | PageOf,
): Promise<{ readonly port: number; close(): Promise<void> }> {
  const server: Server = createServer(
    { headersTimeout: bodyTimeoutMs, requestTimeout: bodyTimeoutMs, maxHeaderSize: 16_384 },
    (request, response) => {
      const [path = '/', query] = (request.url ?? '/').split('?', 2);
      const page = typeof pages === 'function' ? pages(path, request.headers) : pages.get(path);
      const answer = (answered: Page): void => {
        response.writeHead(answered.status, { 'content-type': answered.contentType, 'content-length': Buffer.byteLength(answered.body) });
        response.end(request.method === 'HEAD' ? '' : answered.body);
      };
      request.resume();
      if (!page) return answer({ status: 404, contentType: 'text/plain', body: '404 page not found' });
      if (request.method !== 'GET' && request.method !== 'HEAD')
        return answer({ status: 405, contentType: 'text/plain', body: '405 method not allowed, supported: [GET]' });
      Promise.resolve()
        .then(() => page(new URLSearchParams(query)))
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
