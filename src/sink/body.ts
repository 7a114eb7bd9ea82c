import type { IncomingMessage } from 'node:http';
import { gunzipSync } from 'node:zlib';
import { Decompress } from 'fzstd';
import { Refusal } from './refusal.ts';
import { Rule } from './rules.ts';

/** Whole request body as it came. Resolves to `undefined` where the client went away or `resetAfterBytes` broke the connection. */
export function readBody(
  request: IncomingMessage,
  bytesMax: number,
  resetAfterBytes = Number.POSITIVE_INFINITY,
): Promise<Buffer | undefined> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let length = 0;
    request.on('data', (chunk: Buffer) => {
      length += chunk.length;
      if (length >= resetAfterBytes) {
        request.socket.resetAndDestroy();
        resolve(undefined);
      } else if (length <= bytesMax) {
        chunks.push(chunk);
      } else {
        // The rest is read and thrown away, so that the client gets to read the answer.
        chunks.length = 0;
      }
    });
    request.on('end', () =>
      length > bytesMax ? reject(Refusal.tooLarge(`more than ${bytesMax} bytes`)) : resolve(Buffer.concat(chunks, length)),
    );
    request.on('close', () => resolve(undefined));
    request.on('error', () => resolve(undefined));
  });
}

/** Decoded body, at most `bytesMax` bytes. Only whole-body `gzip` and `zstd` exist in the contract. */
export function decodeBody(body: Buffer, encoding: string, bytesMax: number): Buffer {
  switch (encoding) {
    case '':
    case 'identity':
      return body;
    case 'gzip':
      return gunzip(body, bytesMax);
    case 'zstd':
      return unzstd(body, bytesMax);
    default:
      throw new Refusal(415, { error: `Unsupported media type: content encoding ${JSON.stringify(encoding)}` }, Rule.partEncoding);
  }
}

function gunzip(body: Buffer, bytesMax: number): Buffer {
  try {
    return gunzipSync(body, { maxOutputLength: bytesMax });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') throw Refusal.tooLarge(`more than ${bytesMax} bytes after gzip`);
    throw Refusal.unprocessable(Rule.framing, 'error reading gzip body');
  }
}

/** The pure decoder on every version of Node: node:zlib has zstd only from 22.15 on, and drops every frame after the first. */
function unzstd(body: Buffer, bytesMax: number): Buffer {
  const chunks: Uint8Array[] = [];
  let length = 0;
  const decoder = new Decompress((chunk) => {
    length += chunk.length;
    if (length > bytesMax) throw Refusal.tooLarge(`more than ${bytesMax} bytes after zstd`);
    chunks.push(chunk);
  });
  try {
    decoder.push(body, true);
  } catch (error) {
    if (error instanceof Refusal) throw error;
    throw Refusal.unprocessable(Rule.framing, 'error reading zstd body');
  }
  return Buffer.concat(chunks, length);
}
