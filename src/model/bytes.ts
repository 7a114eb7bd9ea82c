/**
 * What the pure rooms know of a Node `Buffer`: bytes that can be read as text and written with text.
 * At run time every `Bytes` is a `Buffer`; the pure rooms compile without Node's types, so its few methods that they need stand here.
 */
export interface Bytes extends Uint8Array {
  utf8Slice(start?: number, end?: number): string;
  latin1Slice(start?: number, end?: number): string;
  hexSlice(start?: number, end?: number): string;
  base64Slice(start?: number, end?: number): string;
  utf8Write(text: string, offset?: number, length?: number): number;
  latin1Write(text: string, offset?: number, length?: number): number;
  hexWrite(text: string, offset?: number, length?: number): number;
  subarray(start?: number, end?: number): Bytes;
  compare(other: Uint8Array): number;
  equals(other: Uint8Array): boolean;
  copy(target: Uint8Array, targetStart?: number, sourceStart?: number, sourceEnd?: number): number;
}

interface BytesMaker {
  allocUnsafeSlow(size: number): Bytes;
  /** Small ones share a slab of memory, which costs a tenth, and stays until all of them are gone. */
  allocUnsafe(size: number): Bytes;
  from(text: string, encoding?: 'utf8' | 'hex' | 'base64' | 'latin1'): Bytes;
  from(buffer: ArrayBufferLike, byteOffset?: number, length?: number): Bytes;
  byteLength(text: string): number;
  concat(parts: readonly Uint8Array[], total?: number): Bytes;
}

declare const Buffer: BytesMaker;

/** The runtime's own maker of bytes: the one thing that the pure rooms take from Node. */
export const bytes: BytesMaker = Buffer;

export const noBytes: Bytes = bytes.allocUnsafeSlow(0);

/** A Node `Buffer` seen as `Bytes`. Its types leave out the fast methods that it has. */
export function asBytes(buffer: Uint8Array): Bytes {
  return buffer as Bytes;
}
