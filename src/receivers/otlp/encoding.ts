/**
 * Content-Encoding of request bodies, undone within a limit. A body never becomes larger than the limit in memory, however small it came:
 * gzip and deflate stop at the limit, and zstd is decoded in a stream.
 */
import { promisify } from 'node:util';
import zlib from 'node:zlib';
import { Decompress } from 'fzstd';
import { Fault } from '../../model/fault.ts';

/** Below this size the thread pool costs more than it frees the event loop. */
const asyncFromBytes = 256 * 1_024;
const gunzip = promisify<Buffer, zlib.ZlibOptions, Buffer>(zlib.gunzip);
const inflate = promisify<Buffer, zlib.ZlibOptions, Buffer>(zlib.inflate);

/** Rejects with `GW_RECEIVE_BODY_TOO_LARGE`, `GW_RECEIVE_BAD_BODY` or `GW_RECEIVE_UNKNOWN_ENCODING`. */
export async function decodeBody(body: Buffer, encoding: string, bytesMax: number): Promise<Buffer> {
  if (encoding === '' || encoding === 'identity') return body;
  const options: zlib.ZlibOptions = { maxOutputLength: bytesMax, chunkSize: Math.min(Math.max(body.length * 4, 16_384), 1_048_576) };
  const small = body.length < asyncFromBytes;
  try {
    switch (encoding) {
      case 'gzip':
      case 'x-gzip':
        return small ? zlib.gunzipSync(body, options) : await gunzip(body, options);
      case 'deflate':
      case 'zlib':
        return small ? zlib.inflateSync(body, options) : await inflate(body, options);
      case 'zstd':
        return await unzstd(body, bytesMax);
    }
  } catch (error) {
    if (error instanceof Fault) throw error;
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge(bytesMax);
    throw new Fault('GW_RECEIVE_BAD_BODY', `cannot decompress the body: it is not valid ${encoding}`, { cause: error });
  }
  throw new Fault('GW_RECEIVE_UNKNOWN_ENCODING', `unsupported Content-Encoding: ${encoding.slice(0, 64)}`);
}

export function tooLarge(bytesMax: number): Fault {
  return new Fault('GW_RECEIVE_BODY_TOO_LARGE', `cannot take the body: it is larger than ${bytesMax} bytes`, {
    hint: 'send smaller batches, or raise the receiver’s limit',
  });
}

/** Compressed bytes per step of decoding. */
const stepBytes = 16 * 1_024;
/** Output after which the event loop gets a turn, so that one large body does not hold up the others. */
const turnBytes = 1_048_576;

/** All frames of the body. A streaming decoder on every runtime: `node:zlib` silently ignores every frame after the first one on Node 22 and 24. */
async function unzstd(body: Buffer, bytesMax: number): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  const decompress = new Decompress((chunk) => {
    size += chunk.length;
    if (size > bytesMax) throw tooLarge(bytesMax);
    // The decoder reuses its window: what it hands out must be copied.
    chunks.push(chunk.slice());
  });
  let turn = 0;
  for (let at = 0; at < body.length; at += stepBytes) {
    decompress.push(body.subarray(at, at + stepBytes), at + stepBytes >= body.length);
    if (size - turn < turnBytes) continue;
    turn = size;
    await new Promise((resolve) => setImmediate(resolve));
  }
  return Buffer.concat(chunks, size);
}
