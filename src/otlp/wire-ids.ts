import type { Bytes } from '../model/bytes.ts';

/** Ids and times as they stand on the wire. An offset of 0 means absent: a field's content never stands there, its tag does. */
export const traceIdBytes = 16;
export const spanIdBytes = 8;

export function allZero(source: Bytes, start: number, end: number): boolean {
  for (let at = start; at < end; at++) if (source[at] !== 0) return false;
  return true;
}

/** Lower-case hex of an id of this size; '' for one that is absent, all zero or of another size. */
export function hexOf(source: Bytes, start: number, end: number, size: number): string {
  return end - start !== size || allZero(source, start, end) ? '' : source.hexSlice(start, end);
}

/** The text of an id that many a span shares with the one before it, its trace's or its parent's: it is made once for all of them. */
export class LastId {
  #start = 0;
  #text = '';

  textAt(source: Bytes, start: number, size: number): string {
    if (start === 0) return '';
    if (this.#start === 0 || !isSame(source, this.#start, start, size)) {
      this.#start = start;
      this.#text = source.hexSlice(start, start + size);
    }
    return this.#text;
  }
}

function isSame(source: Bytes, one: number, other: number, size: number): boolean {
  for (let at = 0; at < size; at++) if (source[one + at] !== source[other + at]) return false;
  return true;
}

export function nanosAt(view: DataView, offset: number): bigint {
  return offset === 0 ? 0n : view.getBigUint64(offset, true);
}

/** Nanoseconds in two 32-bit halves to microseconds. Exact, because each part stays under 2^53. */
export function microsAt(view: DataView, offset: number): number {
  if (offset === 0) return 0;
  const low = view.getUint32(offset, true);
  const high = view.getUint32(offset + 4, true);
  const thousands = Math.floor(high / 1000);
  return thousands * 0x1_0000_0000 + Math.floor(((high - thousands * 1000) * 0x1_0000_0000 + low) / 1000);
}
