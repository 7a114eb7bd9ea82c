/**
 * What a writer has left in a segment behind what is in the inboxes, found without blocking for long.
 *
 *   head · payload · head · payload … ─► something that is no head ─► the next head, if there is one, else the end
 *
 * A head names its segment and its place, so neither payloads nor what a former segment has left in the file pass for heads. An entry whose payload is
 * damaged is one, which its owner will say is damaged, if others come behind it; at the end it is what a write has left that was never acknowledged. The
 * same goes for a head.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { crc32 } from 'node:zlib';
import { type Head, headLength, positionOffset, readHead } from './entry-head.ts';
import type { SegmentFiles } from './segment-files.ts';

export interface LeftEntry {
  /** `undefined` if it is damaged. */
  readonly head: Head | undefined;
  /** What goes into an inbox. */
  readonly record: Buffer;
}

const pieceBytes = 2 ** 20;

export async function leftEntries(files: SegmentFiles, segment: number, from: number): Promise<readonly LeftEntry[]> {
  const end = await files.lengthOf(segment);
  const found: LeftEntry[] = [];
  const window = new Window(files, segment, end);
  let whole = 0;
  for (let position: number | undefined = from; position !== undefined && position + headLength <= end; ) {
    const head = await window.headAt(position);
    found.push({ head, record: Buffer.from(window.bytes(position, headLength)) });
    if (head) {
      const next: number = position + headLength + head.payloadLength;
      if (next <= end && (await window.crcOf(position + headLength, head.payloadLength)) === head.payloadCrc) whole = found.length;
      position = next;
    } else position = await window.headBehind(position);
  }
  return found.slice(0, whole);
}

/** A piece of the file that goes along with whoever reads it. */
class Window {
  readonly #files: SegmentFiles;
  readonly #segment: number;
  readonly #end: number;
  #start = 0;
  #piece: Buffer = Buffer.alloc(0);

  constructor(files: SegmentFiles, segment: number, end: number) {
    this.#files = files;
    this.#segment = segment;
    this.#end = end;
  }

  /** Of what was asked for last. */
  bytes(position: number, length: number): Buffer {
    return this.#piece.subarray(position - this.#start, position - this.#start + length);
  }

  async headAt(position: number): Promise<Head | undefined> {
    await this.#have(position, headLength);
    const head = readHead(this.bytes(position, headLength));
    return head?.segment === this.#segment && head.position === position ? head : undefined;
  }

  async headBehind(position: number): Promise<number | undefined> {
    for (let at = position + 1; at + headLength <= this.#end; at++) {
      if (at + headLength > this.#start + this.#piece.length) await this.#have(at, headLength);
      // Cheap, and nearly always no.
      if (this.#piece.readUInt32LE(at - this.#start + positionOffset) === at && (await this.headAt(at))) return at;
    }
    return undefined;
  }

  async crcOf(position: number, length: number): Promise<number> {
    let crc = 0;
    for (let at = position; at < position + length; ) {
      const count = Math.min(pieceBytes, position + length - at);
      await this.#have(at, count);
      crc = crc32(this.bytes(at, count), crc);
      at += count;
    }
    return crc;
  }

  async #have(position: number, length: number): Promise<void> {
    if (position >= this.#start && position + length <= this.#start + this.#piece.length) return;
    await nextTurn();
    const count = Math.min(Math.max(pieceBytes, length), this.#end - position);
    this.#piece = this.#files.read(this.#segment, position, count) ?? Buffer.alloc(count);
    this.#start = position;
  }
}
