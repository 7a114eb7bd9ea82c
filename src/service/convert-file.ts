/** A file of OTLP as the runs that it becomes: what `spanway convert` shows. */
import { gunzipSync } from 'node:zlib';
import { createConverter } from '../exporters/langsmith/convert/convert.ts';
import { runJson } from '../exporters/langsmith/convert/run-json.ts';
import type { Caller } from '../model/batch.ts';
import { asBytes } from '../model/bytes.ts';
import { decodeTraces, decodeTracesJson } from '../otlp/otlp.ts';

const bytesMax = 1 << 30;
const openingBrace = 0x7b;

/**
 * `file`: an OTLP traces request as JSON or protobuf, possibly gzipped. Each run stands for itself: parents are named by their run id, and
 * `dotted_order` is that of a root, since what comes before is not known. Throws a `Fault` for what is not OTLP.
 */
export function convertFile(file: Buffer): readonly Record<string, unknown>[] {
  const body = file[0] === 0x1f && file[1] === 0x8b ? gunzipSync(file, { maxOutputLength: bytesMax }) : file;
  const caller: Caller = { receiver: 'convert', transport: 'http', address: '', metadata: new Map(), receivedAtMs: 0 };
  const isJson = body.find((byte) => byte > 0x20) === openingBrace;
  const { batch } = isJson ? decodeTracesJson(asBytes(body), caller) : decodeTraces(asBytes(body), caller);
  const convert = createConverter();
  return batch.resourceSpans.flatMap(({ resource, scopeSpans }) =>
    scopeSpans.flatMap(({ scope, spans }) => spans.map((span) => runJson(convert(span, scope, resource, caller)))),
  );
}
