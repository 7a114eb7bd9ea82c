import * as zlib from 'node:zlib';
import type { Bytes } from '../../model/bytes.ts';
import { ZstdThread } from './zstd-thread.ts';

export type Encoding = 'zstd' | 'gzip' | 'identity';

/** Compression beside the event loop. One frame per body. */
export interface Compressor {
  /** The body must not change meanwhile. One in shared memory is read where it stands, others may be copied. */
  compress(body: Bytes, encoding: Encoding): Promise<Bytes>;
  close(): Promise<void>;
}

/** Compression for the journal and the wire, and back. */
export interface Codec extends Compressor {
  /** `size`: length of the result in bytes, which is also its limit. Rejects if the body is damaged. */
  decompress(body: Bytes, encoding: Encoding, size: number): Promise<Bytes>;
}

interface Zstd {
  compress(body: Bytes): Promise<Bytes>;
  decompress(body: Bytes, size: number): Promise<Bytes>;
  close(): Promise<void>;
}

/** gzip's default is half as fast on these bodies, and not much smaller. */
const gzipLevel = 1;
/** zstd's own default: on these bodies about as fast as level 1, which leaves some 10 % more to sync and to send. */
const zstdLevel = 3;

export function createCompressor(): Codec {
  const zstd = nativeZstd() ?? new ZstdThread(zstdLevel);
  return {
    compress: (body, encoding) => {
      switch (encoding) {
        case 'identity':
          return Promise.resolve(body);
        case 'gzip':
          return result(zlib.gzip, body, { level: gzipLevel });
        case 'zstd':
          return zstd.compress(body);
      }
    },
    decompress: (body, encoding, size) => {
      switch (encoding) {
        case 'identity':
          return Promise.resolve(body);
        case 'gzip':
          return result(zlib.gunzip, body, { maxOutputLength: Math.max(size, 1) });
        case 'zstd':
          return zstd.decompress(body, size);
      }
    },
    close: () => zstd.close(),
  };
}

type Done = (error: Error | null, result: Uint8Array) => void;

/** zlib works in the runtime's thread pool and calls back. */
function result<Options>(work: (body: Uint8Array, options: Options, done: Done) => void, body: Bytes, options: Options): Promise<Bytes> {
  return new Promise((resolve, reject) => work(body, options, (error, value) => (error ? reject(error) : resolve(value as Bytes))));
}

type ZstdWork = (body: Uint8Array, options: { readonly params?: object; readonly maxOutputLength?: number }, done: Done) => void;

/** Node has zstd since 22.15; the types of Node 20 do not know it. */
function nativeZstd(): Zstd | undefined {
  const { zstdCompress, zstdDecompress, constants } = zlib as unknown as {
    readonly zstdCompress?: ZstdWork;
    readonly zstdDecompress?: ZstdWork;
    readonly constants: { readonly ZSTD_c_compressionLevel?: number };
  };
  if (!zstdCompress || !zstdDecompress || constants.ZSTD_c_compressionLevel === undefined) return undefined;
  const params = { [constants.ZSTD_c_compressionLevel]: zstdLevel };
  return {
    compress: (body) => result(zstdCompress, body, { params }),
    decompress: (body, size) => result(zstdDecompress, body, { maxOutputLength: Math.max(size, 1) }),
    close: () => Promise.resolve(),
  };
}
