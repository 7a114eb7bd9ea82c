// Decoding OTLP protobuf, ours beside protobufjs, in the same run.
import { decodeTraces } from '../dist/otlp/otlp.js';
import { compare, table, thousands } from './measure.mjs';
import { ExportTraceServiceRequest, request } from './payload.mjs';

const caller = { receiver: 'otlp', transport: 'http', address: '', metadata: new Map(), receivedAtMs: 0 };

/** What conversion does with a batch at the least: visit every attribute's key without making its value. */
function visit(batch) {
  let keys = 0;
  for (const { scopeSpans } of batch.resourceSpans)
    for (const { spans } of scopeSpans)
      for (const { attributes } of spans)
        for (let position = 0; position < attributes.length; position += 1) if (attributes.keyAt(position) !== undefined) keys += 1;
  return keys;
}

export function benchDecode() {
  const rows = [];
  for (const kind of ['llm', 'indexed', 'small']) {
    const count = 512;
    const body = request(kind, count);
    const rates = compare({
      ours: () => {
        visit(decodeTraces(body, caller).batch);
        return count;
      },
      protobufjs: () => {
        ExportTraceServiceRequest.decode(body);
        return count;
      },
    });
    const perSpan = body.length / count;
    const cell = (rate) => `${thousands(rate)} spans/s (${Math.round((rate * perSpan) / 1e6)} MB/s)`;
    rows.push([
      `${kind}, ${Math.round(perSpan)} B`,
      cell(rates.ours),
      cell(rates.protobufjs),
      `${(rates.ours / rates.protobufjs).toFixed(1)}×`,
    ]);
  }
  table('Decode', ['spans', 'ours', 'protobufjs', 'ratio'], rows);
}
