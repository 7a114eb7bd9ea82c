/**
 * zstd bodies (RFC 8878), all frames of them. Decoded in a stream on every runtime: `node:zlib` silently ignores every frame after the first one on
 * Node 22 and 24. The decoder makes a window as large as a frame asks for and moves it with every block, so a short body could ask for gigabytes
 * and for hours: what the frames ask for is added up before the first byte is decoded.
 */
import { Decompress } from 'fzstd';
import { Fault } from '../../model/fault.ts';

/** What RFC 8878 (§3.1.1.1.2) wants every decoder to support; encoders use more only if they are told to. */
const windowBytesMax = 8 * 2 ** 20;
/** Bytes of windows moved: so many for every body, and so many more for each of its bytes. */
const movedBytes = 256 * 2 ** 20;
const movedPerByte = 16 * 2 ** 10;
/** Compressed bytes per step of decoding. */
const stepBytes = 16 * 1_024;
/** Output after which the event loop gets a turn, so that one large body does not hold up the others. */
const turnBytes = 512 * 1_024;

/** Hands out copies, in order. Rejects with `GW_RECEIVE_BAD_BODY` or `GW_RECEIVE_BODY_TOO_LARGE`, with what the decoder throws, or with what `take` throws. */
export async function unzstd(body: Buffer, take: (chunk: Uint8Array) => void): Promise<void> {
  checkFrames(body);
  let size = 0;
  // The decoder reuses its window: what it hands out must be copied.
  const decompress = new Decompress((chunk) => {
    size += chunk.length;
    take(chunk.slice());
  });
  let turn = 0;
  for (let at = 0; at < body.length; at += stepBytes) {
    decompress.push(body.subarray(at, at + stepBytes), at + stepBytes >= body.length);
    if (size - turn < turnBytes) continue;
    turn = size;
    await new Promise((resolve) => setImmediate(resolve));
  }
}

function checkFrames(body: Buffer): void {
  let moved = 0;
  for (let at = 0; at < body.length; ) {
    if (at + 8 <= body.length && body.readUInt32LE(at) >>> 4 === 0x184d2a5) {
      at += 8 + body.readUInt32LE(at + 4);
      continue;
    }
    const frame = frameAt(body, at);
    if (frame.windowBytes > windowBytesMax) throw tooLaborious(`a frame of it needs a window of more than ${windowBytesMax} bytes`);
    moved += frame.windowBytes * (frame.blocks + 1);
    if (moved > movedBytes + movedPerByte * body.length) throw tooLaborious('its blocks are too many for its size');
    at = frame.end;
  }
}

interface Frame {
  readonly windowBytes: number;
  readonly blocks: number;
  readonly end: number;
}

/** Source: RFC 8878, §3.1.1. */
function frameAt(body: Buffer, start: number): Frame {
  if (start + 6 > body.length || body.readUInt32LE(start) !== 0xfd2fb528) throw refused('it is not valid zstd');
  const descriptor = body[start + 4]!;
  const singleSegment = (descriptor >> 5) & 1;
  const dictionaryBytes = [0, 1, 2, 4][descriptor & 3]!;
  const contentSizeBytes = descriptor >> 6 === 0 ? singleSegment : 1 << (descriptor >> 6);
  let at = start + 6 - singleSegment + dictionaryBytes;
  const windowBytes = singleSegment ? contentSize(body, at, contentSizeBytes) : windowOf(body[start + 5]!);
  at += contentSizeBytes;
  for (let blocks = 1; at + 3 <= body.length; blocks++) {
    const header = body.readUIntLE(at, 3);
    const isRepeated = ((header >> 1) & 3) === 1;
    at += 3 + (isRepeated ? 1 : header >> 3);
    if (header & 1) return { windowBytes, blocks, end: at + (descriptor & 4) };
  }
  throw refused('it is not whole');
}

function contentSize(body: Buffer, at: number, length: number): number {
  if (at + length > body.length) throw refused('it is not whole');
  if (length === 8) return Number(body.readBigUInt64LE(at));
  return body.readUIntLE(at, length) + (length === 2 ? 256 : 0);
}

function windowOf(descriptor: number): number {
  const base = 2 ** (10 + (descriptor >> 3));
  return base + (base / 8) * (descriptor & 7);
}

function tooLaborious(reason: string): Fault {
  return new Fault('GW_RECEIVE_BODY_TOO_LARGE', `cannot decompress the body: ${reason}`, {
    hint: 'compress it with gzip, or at a lower level',
  });
}

function refused(reason: string): Fault {
  return new Fault('GW_RECEIVE_BAD_BODY', `cannot decompress the body: ${reason}`);
}
