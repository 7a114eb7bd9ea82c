import { gunzipSync } from 'node:zlib';
import type { Batch, Caller } from '../../model/batch.ts';
import { asBytes } from '../../model/bytes.ts';
import { Fault } from '../../model/fault.ts';
import { decodeLogs, decodeLogsJson, decodeTraces, decodeTracesJson } from '../../otlp/otlp.ts';

const bytesMax = 1 << 30;
const openingBrace = 0x7b;

/** A file of OTLP, traces or logs, JSON or protobuf, possibly gzipped. Throws a `Fault` for what is not OTLP. */
export function readRequest(file: Buffer, caller: Caller): Batch {
  const body = asBytes(file[0] === 0x1f && file[1] === 0x8b ? gunzipSync(file, { maxOutputLength: bytesMax }) : file);
  const isJson = body.find((byte) => byte > 0x20) === openingBrace;
  try {
    return (isJson ? decodeTracesJson(body, caller) : decodeTraces(body, caller)).batch;
  } catch (error) {
    if (!(error instanceof Fault) || error.code !== 'GW_DECODE_WRONG_SIGNAL') throw error;
    return (isJson ? decodeLogsJson(body, caller) : decodeLogs(body, caller)).batch;
  }
}

/** A request that came to `receiver` over HTTP, from nowhere and without headers. */
export function callerOf(receiver: string): Caller {
  return { receiver, transport: 'http', address: '', metadata: new Map(), receivedAtMs: 0 };
}
