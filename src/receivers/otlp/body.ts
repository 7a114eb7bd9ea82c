/** Request bodies as one buffer each. */
import type { IncomingMessage } from 'node:http';
import { asBytes } from '../../model/bytes.ts';
import { Fault } from '../../model/fault.ts';
import { free } from '../../model/free.ts';
import { tooLarge } from './encoding.ts';
import type { Hold } from './in-flight.ts';

/** So much room is made because a client announces a body, and this many times of what has come. */
const announcedBytesMax = 256 * 1_024;
const growth = 4;

export interface BodyLimits {
  readonly bytesMax: number;
  /** A client that sends nothing for so long is cut off. */
  readonly idleMs: number;
}

/** Reads the whole body; what came of it is in the hold, whatever the end. */
export async function readBody(request: IncomingMessage, { bytesMax, idleMs }: BodyLimits, hold: Hold): Promise<Buffer> {
  const announced = Number(request.headers['content-length'] ?? bytesMax);
  if (announced > bytesMax) throw tooLarge(bytesMax);
  request.setTimeout(idleMs, () => request.destroy());
  const body = await readInto(request, announced, hold);
  request.setTimeout(0);
  return body;
}

/** Into one buffer as it comes: to put a large body together at its end would hold up the event loop. */
async function readInto(request: IncomingMessage, bytesMax: number, hold: Hold): Promise<Buffer> {
  let body = Buffer.allocUnsafeSlow(Math.min(bytesMax, announcedBytesMax));
  let size = 0;
  await consume(request, (chunk) => {
    const end = size + chunk.length;
    if (end > bytesMax) throw tooLarge(bytesMax);
    hold.take(chunk.length);
    if (end > body.length) {
      const larger = Buffer.allocUnsafeSlow(Math.min(bytesMax, end * growth));
      body.copy(larger, 0, 0, size);
      free(asBytes(body));
      body = larger;
    }
    chunk.copy(body, size);
    free(asBytes(chunk));
    size = end;
  });
  return body.subarray(0, size);
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
