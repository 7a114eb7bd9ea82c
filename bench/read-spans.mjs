// What decoding costs depends on who asks: our decoder is lazy. Both answers, for the benches that compare something with it.
import { decodeTraces } from '../dist/otlp/otlp.js';

export const caller = { receiver: 'otlp', transport: 'http', address: '', metadata: new Map(), receivedAtMs: 0 };

/** Decodes a request and works on each of its spans. */
export function each(body, work) {
  for (const { resource, scopeSpans } of decodeTraces(body, caller).batch.resourceSpans)
    for (const { scope, spans } of scopeSpans) for (const span of spans) work(span, scope, resource);
}

/** The least that a pipeline does with a span: its attributes' keys are seen. */
export function visit(span) {
  let keys = 0;
  for (let position = 0; position < span.attributes.length; position += 1) if (span.attributes.keyAt(position) !== undefined) keys += 1;
  return keys;
}

/** What a decoder that is not lazy does: every value is there. */
export function read(span) {
  let length = span.name.length + span.traceId.length + span.spanId.length;
  for (let position = 0; position < span.attributes.length; position += 1) {
    const value = span.attributes.valueAt(position);
    length += typeof value === 'string' ? value.length : 1;
  }
  return length;
}
