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
