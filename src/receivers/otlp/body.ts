/** Request bodies as one buffer each. */
import type { IncomingMessage } from 'node:http';
import { asBytes } from '../../model/bytes.ts';
import { Fault } from '../../model/fault.ts';
import { free } from '../../model/free.ts';
import { tooLarge } from './encoding.ts';
import { GatheredBody } from './gathered-body.ts';
import type { Hold } from './in-flight.ts';

const nothing = Buffer.alloc(0);

export interface BodyLimits {
  readonly bytesMax: number;
  /** A client that sends nothing for so long is cut off. */
  readonly idleMs: number;
}

/** Reads the whole body; what came of it is in the hold, whatever the end. A small one mostly has come with its head, and is there at once. */
export function readBody(request: IncomingMessage, { bytesMax, idleMs }: BodyLimits, hold: Hold): Buffer | Promise<Buffer> {
  const announced = request.headers['content-length'];
  const most = Number(announced ?? bytesMax);
  if (most > bytesMax) throw tooLarge(bytesMax);
  const isThere = announced !== undefined && request.readableLength === most && !request.destroyed;
  return isThere ? present(request, hold) : coming(request, most, idleMs, hold);
}

/** Without a timer, a listener or a promise: with one span in each request, they cost as much as decoding it. */
function present(request: IncomingMessage, hold: Hold): Buffer {
  const body = (request.read() as Buffer | null) ?? nothing;
  hold.take(body.length);
  return body;
}

async function coming(request: IncomingMessage, bytesMax: number, idleMs: number, hold: Hold): Promise<Buffer> {
  request.setTimeout(idleMs, () => request.destroy());
  const body = await gathered(request, bytesMax, hold);
  request.setTimeout(0);
  return body;
}

/** A body that comes as one chunk is that. */
async function gathered(request: IncomingMessage, bytesMax: number, hold: Hold): Promise<Buffer> {
  let whole: Buffer | undefined;
  let body: GatheredBody | undefined;
  await consume(request, (chunk) => {
    if ((body?.size ?? whole?.length ?? 0) + chunk.length > bytesMax) throw tooLarge(bytesMax);
    hold.take(chunk.length);
    if (!body && !whole && chunk.length === bytesMax) {
      whole = chunk;
      return;
    }
    body ??= new GatheredBody(bytesMax);
    body.add(chunk);
    free(asBytes(chunk));
  });
  return whole ?? (body ?? new GatheredBody(0)).whole();
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
