/** Request bodies as one buffer each, within the limit of one body and the limit of all bodies at the same time. */
import type { IncomingMessage } from 'node:http';
import { Fault } from '../../model/fault.ts';
import { tooLarge } from './encoding.ts';

/** Bytes of bodies that a receiver holds at the same time. */
export class InFlight {
  readonly #bytesMax: number;
  #bytes = 0;

  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax;
  }

  /** Throws `GW_RECEIVE_TOO_BUSY` when there is no room; whoever got room gives it back with `release`. */
  take(bytes: number): void {
    if (this.#bytes + bytes > this.#bytesMax) {
      throw new Fault('GW_RECEIVE_TOO_BUSY', 'cannot take the request: too many bytes of other requests are under way', {
        retryAfterMs: 1_000,
      });
    }
    this.#bytes += bytes;
  }

  release(bytes: number): void {
    this.#bytes -= bytes;
  }
}

/** Reads the whole body. The caller releases its length from `inFlight`; on a rejection nothing is left taken. */
export async function readBody(request: IncomingMessage, bytesMax: number, inFlight: InFlight): Promise<Buffer> {
  const declared = request.headers['content-length'];
  return declared === undefined ? readChunked(request, bytesMax, inFlight) : readSized(request, Number(declared), bytesMax, inFlight);
}

/** With a `Content-Length` the buffer is made once. It is reserved before the first byte is read. */
async function readSized(request: IncomingMessage, size: number, bytesMax: number, inFlight: InFlight): Promise<Buffer> {
  if (size > bytesMax) throw tooLarge(bytesMax);
  inFlight.take(size);
  try {
    const body = Buffer.allocUnsafeSlow(size);
    let at = 0;
    await consume(request, (chunk) => {
      chunk.copy(body, at);
      at += chunk.length;
    });
    return body;
  } catch (error) {
    inFlight.release(size);
    throw error;
  }
}

async function readChunked(request: IncomingMessage, bytesMax: number, inFlight: InFlight): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    await consume(request, (chunk) => {
      if (size + chunk.length > bytesMax) throw tooLarge(bytesMax);
      inFlight.take(chunk.length);
      size += chunk.length;
      chunks.push(chunk);
    });
    return Buffer.concat(chunks, size);
  } catch (error) {
    inFlight.release(size);
    throw error;
  }
}

/** By events: an async iterator costs a promise per chunk. */
function consume(request: IncomingMessage, take: (chunk: Buffer) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    request.on('data', (chunk: Buffer) => {
      try {
        take(chunk);
      } catch (error) {
        request.removeAllListeners('data');
        reject(error);
      }
    });
    request.once('end', resolve);
    const gone = (cause?: unknown): void =>
      reject(new Fault('GW_RECEIVE_BAD_BODY', 'cannot read the body: the client closed the connection', { cause }));
    request.once('error', gone);
    request.once('aborted', gone);
  });
}
