// Requests that a load generator can send again and again: the same bytes under new ids, so that composing them costs it next to nothing.
import { randomFillSync } from 'node:crypto';
import { ExportTraceServiceRequest, message } from './payload.mjs';

/** `ids`: for each id of the request its length in bytes and all places in the body where it stands. */
export function template(kind, count, encoding) {
  const fields = message(kind, count);
  const body =
    encoding === 'json'
      ? Buffer.from(JSON.stringify(jsonOf(fields)))
      : Buffer.from(ExportTraceServiceRequest.encode(ExportTraceServiceRequest.fromObject(fields)).finish());
  const spans = fields.resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap((scope) => scope.spans));
  const ids = new Map();
  // In the order in which they stand in the body, so that finding them is one walk over it.
  let at = 0;
  for (const id of spans.flatMap(({ traceId, spanId, parentSpanId }) => [traceId, spanId, ...(parentSpanId ? [parentSpanId] : [])])) {
    const name = id.toString('hex');
    at = body.indexOf(encoding === 'json' ? Buffer.from(name) : id, at);
    if (!ids.has(name)) ids.set(name, { bytes: id.length, places: [] });
    ids.get(name).places.push(at);
  }
  return { body, ids: [...ids.values()], hex: encoding === 'json' };
}

const random = Buffer.allocUnsafe(65_536);
let taken = random.length;

function randomBytes(count) {
  if (taken + count > random.length) {
    randomFillSync(random);
    taken = 0;
  }
  taken += count;
  return random.subarray(taken - count, taken);
}

/** Gives the template new ids, in place. */
export function renew({ body, ids, hex }) {
  for (const { bytes, places } of ids) {
    const id = randomBytes(bytes);
    for (const at of places) {
      if (hex) body.write(id.toString('hex'), at, 'latin1');
      else id.copy(body, at);
    }
  }
}

/** OTLP/JSON: ids in hex. */
function jsonOf({ resourceSpans }) {
  const spanOf = ({ traceId, spanId, parentSpanId, ...span }) => ({
    ...span,
    traceId: traceId.toString('hex'),
    spanId: spanId.toString('hex'),
    ...(parentSpanId ? { parentSpanId: parentSpanId.toString('hex') } : {}),
  });
  return {
    resourceSpans: resourceSpans.map(({ resource, scopeSpans }) => ({
      resource,
      scopeSpans: scopeSpans.map(({ scope, spans }) => ({ scope, spans: spans.map(spanOf) })),
    })),
  };
}
