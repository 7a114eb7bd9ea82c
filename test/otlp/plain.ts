/** A batch of ours as the plain objects that the oracle makes, by reading every field through the public interface. */
import type { Caller, LogRecord, Logs, Resource, Scope, Span, Traces } from '../../src/model/batch.ts';
import type { Attributes, Value } from '../../src/model/value.ts';
import type { Plain } from './oracle.ts';

export const caller: Caller = { receiver: 'otlp', transport: 'http', address: '127.0.0.1', metadata: new Map(), receivedAtMs: 0 };

export function plainTraces(batch: Traces): Plain {
  return {
    resourceSpans: batch.resourceSpans.map(({ resource, scopeSpans }) => ({
      resource: plainResource(resource),
      scopeSpans: scopeSpans.map(({ scope, spans }) => ({
        scope: plainScope(scope),
        spans: spans.map(plainSpan),
        schemaUrl: scope.schemaUrl,
      })),
      schemaUrl: resource.schemaUrl,
    })),
  };
}

export function plainLogs(batch: Logs): Plain {
  return {
    resourceLogs: batch.resourceLogs.map(({ resource, scopeLogs }) => ({
      resource: plainResource(resource),
      scopeLogs: scopeLogs.map(({ scope, logRecords }) => ({
        scope: plainScope(scope),
        logRecords: logRecords.map(plainLogRecord),
        schemaUrl: scope.schemaUrl,
      })),
      schemaUrl: resource.schemaUrl,
    })),
  };
}

function plainResource(resource: Resource): Plain {
  return { attributes: plainAttributes(resource.attributes), droppedAttributesCount: resource.droppedAttributesCount };
}

function plainScope(scope: Scope): Plain {
  const { name, version, droppedAttributesCount } = scope;
  return { name, version, attributes: plainAttributes(scope.attributes), droppedAttributesCount };
}

export function plainSpan(span: Span): Plain {
  return {
    traceId: span.traceId,
    spanId: span.spanId,
    parentSpanId: span.parentSpanId,
    traceState: span.traceState,
    flags: span.flags,
    name: span.name,
    kind: span.kind,
    startTimeUnixNano: `${span.startTimeUnixNano}`,
    startMicros: span.startMicros,
    endTimeUnixNano: `${span.endTimeUnixNano}`,
    endMicros: span.endMicros,
    attributes: plainAttributes(span.attributes),
    droppedAttributesCount: span.droppedAttributesCount,
    events: span.events.map((event) => ({
      timeUnixNano: `${event.timeUnixNano}`,
      name: event.name,
      attributes: plainAttributes(event.attributes),
      droppedAttributesCount: event.droppedAttributesCount,
    })),
    droppedEventsCount: span.droppedEventsCount,
    links: span.links.map((link) => ({
      traceId: link.traceId,
      spanId: link.spanId,
      traceState: link.traceState,
      flags: link.flags,
      attributes: plainAttributes(link.attributes),
      droppedAttributesCount: link.droppedAttributesCount,
    })),
    droppedLinksCount: span.droppedLinksCount,
    status: { code: span.status.code, message: span.status.message },
  };
}

export function plainLogRecord(record: LogRecord): Plain {
  return {
    timeUnixNano: `${record.timeUnixNano}`,
    observedTimeUnixNano: `${record.observedTimeUnixNano}`,
    severityNumber: record.severityNumber,
    severityText: record.severityText,
    eventName: record.eventName,
    body: plainValue(record.body),
    attributes: plainAttributes(record.attributes),
    droppedAttributesCount: record.droppedAttributesCount,
    flags: record.flags,
    traceId: record.traceId,
    spanId: record.spanId,
  };
}

/** Attributes in order; the view by position must say the same as the plain one. */
export function plainAttributes(attributes: Attributes): readonly (readonly [string, unknown])[] {
  const pairs: [string, unknown][] = [];
  for (let position = 0; position < attributes.length; position++) {
    const key = attributes.keyAt(position);
    if (key === undefined) continue;
    const range = attributes.textAt(position);
    const value = attributes.valueAt(position);
    if (range !== undefined && range.source.utf8Slice(range.start, range.end) !== value) throw new Error(`text of ${key} differs`);
    pairs.push([key, [attributes.typeAt(position), plainValue(value)]]);
  }
  const iterated = [...attributes].map(([key, value]) => [key, plainValue(value)]);
  const positioned = pairs.map(([key, typed]) => [key, (typed as unknown[])[1]]);
  if (JSON.stringify(iterated) !== JSON.stringify(positioned) || attributes.size !== pairs.length)
    throw new Error('the two views of attributes differ');
  return pairs;
}

export function plainValue(value: Value): unknown {
  switch (typeof value) {
    case 'string':
      return { string: value };
    case 'boolean':
      return { bool: value };
    case 'bigint':
      return { int: `${value}` };
    case 'number':
      return { double: `${Object.is(value, -0) ? '-0' : value}` };
    default:
      if (value === null) return null;
      if (value instanceof Uint8Array) return { bytes: Buffer.from(value).toString('hex') };
      if (Array.isArray(value)) return { array: (value as readonly Value[]).map(plainValue) };
      return { map: [...(value as ReadonlyMap<string, Value>)].map(([key, inner]) => [key, plainValue(inner)]) };
  }
}
