/**
 * Content-Encoding of request bodies, undone within limits. A body never becomes larger than these in memory, however small it came, and what it becomes
 * counts as held while it grows.
 */
import zlib from 'node:zlib';
import { asBytes } from '../../model/bytes.ts';
import { Fault } from '../../model/fault.ts';
import { free } from '../../model/free.ts';
import type { Hold } from './in-flight.ts';
import { unzstd } from './zstd.ts';

/** Below this size, before and after, the thread pool costs more than it frees the event loop. */
const smallBytes = 256 * 1_024;
const smallOutputBytes = 2 ** 20;
/** Copied in one turn of the event loop. */
const turnBytes = 2 ** 20;
/** How many times larger a body may become, once it is larger than `freeBytes`. */
const growthMax = 250;
const freeBytes = 2 ** 20;

/**
 * What was compressed is given back when it is decoded.
 * Rejects with `GW_RECEIVE_BODY_TOO_LARGE`, `GW_RECEIVE_BAD_BODY`, `GW_RECEIVE_UNKNOWN_ENCODING` or `GW_RECEIVE_TOO_BUSY`.
 */
export function decodeBody(body: Buffer, encoding: string, bytesMax: number, hold: Hold): Buffer | Promise<Buffer> {
  return encoding === '' || encoding === 'identity' ? body : decoded(body, encoding, bytesMax, hold);
}

async function decoded(body: Buffer, encoding: string, bytesMax: number, hold: Hold): Promise<Buffer> {
  const plain = await decompressed(body, encoding, bytesMax, hold);
  free(asBytes(body));
  return plain;
}

async function decompressed(body: Buffer, encoding: string, bytesMax: number, hold: Hold): Promise<Buffer> {
  const output = new Output(Math.min(bytesMax, Math.max(freeBytes, body.length * growthMax)), bytesMax, hold);
  try {
    switch (encoding) {
      case 'gzip':
      case 'x-gzip':
        return inflateSmall(zlib.gunzipSync, body, output) ?? (await inflate(zlib.createGunzip, body, output));
      case 'deflate':
      case 'zlib':
        return inflateSmall(zlib.inflateSync, body, output) ?? (await inflate(zlib.createInflate, body, output));
      case 'zstd':
        await unzstd(body, (chunk) => output.add(chunk));
        return await output.whole();
    }
  } catch (error) {
    if (error instanceof Fault) throw error;
    throw new Fault('GW_RECEIVE_BAD_BODY', `cannot decompress the body: it is not valid ${encoding}`, { cause: error });
  }
  throw new Fault('GW_RECEIVE_UNKNOWN_ENCODING', `unsupported Content-Encoding: ${encoding.slice(0, 64)}`);
}

export function tooLarge(bytesMax: number): Fault {
  return new Fault('GW_RECEIVE_BODY_TOO_LARGE', `cannot take the body: it is larger than ${bytesMax} bytes`, {
    hint: 'send smaller batches, or raise the receiver’s limit',
  });
}

/** What a body becomes, in pieces. */
class Output {
  readonly #sizeMax: number;
  readonly #bytesMax: number;
  readonly #hold: Hold;
  readonly #chunks: Uint8Array[] = [];
  #size = 0;

  constructor(sizeMax: number, bytesMax: number, hold: Hold) {
    this.#sizeMax = sizeMax;
    this.#bytesMax = bytesMax;
    this.#hold = hold;
  }

  add(chunk: Uint8Array): void {
    this.#size += chunk.length;
    if (this.#size > this.#sizeMax) throw this.#sizeMax < this.#bytesMax ? grownTooMuch() : tooLarge(this.#bytesMax);
    this.#hold.take(chunk.length);
    this.#chunks.push(chunk);
  }

  /** All of it in one buffer, each part of it in a turn of the event loop of its own. A piece is given back when it is copied, if the next one is no other part of it. */
  async whole(): Promise<Buffer> {
    const whole = Buffer.allocUnsafeSlow(this.#size);
    let at = 0;
    let turn = turnBytes;
    for (const [index, chunk] of this.#chunks.entries()) {
      whole.set(chunk, at);
      at += chunk.length;
      if (chunk.buffer !== this.#chunks[index + 1]?.buffer) free(asBytes(chunk));
      if (at < turn) continue;
      turn = at + turnBytes;
      await new Promise((resolve) => setImmediate(resolve));
    }
    return whole;
  }
}

function grownTooMuch(): Fault {
  return new Fault('GW_RECEIVE_BODY_TOO_LARGE', `cannot take the body: it becomes more than ${growthMax} times larger when decompressed`, {
    hint: 'send it uncompressed',
  });
}

/** At once, on this thread; `undefined` if it is not small. */
function inflateSmall(way: (body: Buffer, options: zlib.ZlibOptions) => Buffer, body: Buffer, output: Output): Buffer | undefined {
  if (body.length > smallBytes) return undefined;
  let plain: Buffer;
  try {
    plain = way(body, { maxOutputLength: smallOutputBytes, chunkSize: Math.min(Math.max(body.length * 4, 16_384), smallOutputBytes) });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') return undefined;
    throw error;
  }
  output.add(plain);
  return plain;
}

/** On the thread pool, chunk by chunk. */
async function inflate(create: (options: zlib.ZlibOptions) => zlib.Gunzip | zlib.Inflate, body: Buffer, output: Output): Promise<Buffer> {
  const stream = create({ chunkSize: Math.min(Math.max(body.length * 4, 16_384), 1_048_576) });
  await new Promise<void>((resolve, reject) => {
    stream.on('data', (chunk: Buffer) => {
      try {
        output.add(chunk);
      } catch (error) {
        stream.destroy();
        reject(error);
      }
    });
    stream.once('end', resolve);
    stream.once('error', reject);
    stream.end(body);
  });
  return output.whole();
}
