// Decoding and conversion to run JSON, without compression, one core.
import { createConverter } from '../dist/exporters/langsmith/convert/convert.js';
import { decodeTraces } from '../dist/otlp/otlp.js';
import { compare, table, thousands } from './measure.mjs';
import { ExportTraceServiceRequest, request } from './payload.mjs';

const caller = { receiver: 'otlp', transport: 'http', address: '', metadata: new Map(), receivedAtMs: 0 };

/** The plain way, as a baseline: objects by protobufjs, attributes as an object, JSON by JSON.stringify. */
function plain(body) {
  const { resourceSpans } = ExportTraceServiceRequest.toObject(ExportTraceServiceRequest.decode(body), { longs: String, bytes: String });
  let bytes = 0;
  for (const { scopeSpans } of resourceSpans)
    for (const { spans } of scopeSpans)
      for (const span of spans) {
        const attributes = {};
        for (const { key, value } of span.attributes) attributes[key] = value.stringValue ?? Number(value.intValue ?? value.doubleValue);
        const run = { id: span.spanId, name: span.name, run_type: 'llm', inputs: {}, outputs: {}, extra: { metadata: {} } };
        for (const [key, value] of Object.entries(attributes)) {
          if (key.includes('input')) run.inputs[key] = typeof value === 'string' && value.startsWith('[') ? JSON.parse(value) : value;
          else if (key.includes('output'))
            run.outputs[key] = typeof value === 'string' && value.startsWith('[') ? JSON.parse(value) : value;
          else run.extra.metadata[key] = value;
        }
        bytes += Buffer.byteLength(JSON.stringify(run));
      }
  return bytes;
}

export function benchConvert() {
  const convert = createConverter({});
  const rows = [];
  for (const kind of ['llm', 'indexed', 'openllmetry', 'mix', 'small']) {
    const count = 256;
    const body = request(kind, count);
    const rates = compare({
      ours: () => {
        for (const { resource, scopeSpans } of decodeTraces(body, caller).batch.resourceSpans)
          for (const { scope, spans } of scopeSpans) for (const span of spans) convert(span, scope, resource, caller);
        return count;
      },
      plain: () => {
        plain(body);
        return count;
      },
    });
    rows.push([
      `${kind}, ${Math.round(body.length / count)} B`,
      `${thousands(rates.ours)} spans/s`,
      `${thousands(rates.plain)} spans/s`,
      `${(rates.ours / rates.plain).toFixed(1)}×`,
    ]);
  }
  table('Decode and convert to run JSON', ['spans', 'ours', 'objects and JSON.stringify', 'ratio'], rows);
}
