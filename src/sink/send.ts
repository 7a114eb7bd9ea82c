import type { ServerResponse } from 'node:http';
import type { RawReply, Reply } from './exchange.ts';

/** Writes the answer whole, or, where it is to be cut, promises more than it sends and breaks off. */
export function send(response: ServerResponse, reply: Reply | RawReply, cut = false): void {
  if (response.destroyed) return;
  if ('content' in reply) {
    sendBytes(response, reply);
    return;
  }
  const text = typeof reply.body === 'string' ? reply.body : (JSON.stringify(reply.body) ?? '');
  const missing = cut ? 1_000 : 0;
  response.writeHead(reply.status, {
    'content-type': 'application/json',
    ...(reply.status === 204 ? {} : { 'content-length': Buffer.byteLength(text) + missing }),
    'x-content-type-options': 'nosniff',
  });
  if (cut) response.write(text, () => response.destroy());
  else response.end(text);
}

/** Bytes of run data: the browser must not show them as a page of this origin. */
function sendBytes(response: ServerResponse, { status, contentType, content }: RawReply): void {
  response.writeHead(status, {
    'content-type': /^[\w.+/;= -]+$/.test(contentType) ? contentType : 'application/octet-stream',
    'content-length': content.length,
    'content-disposition': 'attachment',
    'content-security-policy': "default-src 'none'; sandbox",
    'x-content-type-options': 'nosniff',
  });
  response.end(content);
}
