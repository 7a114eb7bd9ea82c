/** What the oracle read, in the same plain form as `plain.ts` makes of our batches. */
import { oracle, type Plain } from './oracle.ts';

type Raw = { readonly [name: string]: unknown };
const options = { longs: String, defaults: true, oneofs: true, arrays: true } as const;

export function oracleTraces(body: Uint8Array): Plain {
  const read = oracle.traces.toObject(oracle.traces.decode(body), options) as Raw;
  return {
    resourceSpans: list(read.resourceSpans).map((group) => ({
      resource: resource(group.resource),
      scopeSpans: list(group.scopeSpans).map((inner) => ({
        scope: scope(inner.scope),
        spans: list(inner.spans).map(span),
        schemaUrl: inner.schemaUrl,
      })),
      schemaUrl: group.schemaUrl,
    })),
  };
}

export function oracleLogs(body: Uint8Array): Plain {
  const read = oracle.logs.toObject(oracle.logs.decode(body), options) as Raw;
  return {
    resourceLogs: list(read.resourceLogs).map((group) => ({
      resource: resource(group.resource),
      scopeLogs: list(group.scopeLogs).map((inner) => ({
        scope: scope(inner.scope),
        logRecords: list(inner.logRecords).map(logRecord),
        schemaUrl: inner.schemaUrl,
      })),
      schemaUrl: group.schemaUrl,
    })),
  };
}

function list(value: unknown): readonly Raw[] {
  return value as readonly Raw[];
}

function resource(raw: unknown): Plain {
  const { attributes = [], droppedAttributesCount = 0 } = (raw ?? {}) as Raw;
  return { attributes: pairs(attributes), droppedAttributesCount };
}

function scope(raw: unknown): Plain {
  const { name = '', version = '', attributes = [], droppedAttributesCount = 0 } = (raw ?? {}) as Raw;
  return { name, version, attributes: pairs(attributes), droppedAttributesCount };
}

function span(raw: Raw): Plain {
  const { message = '', code = 0 } = (raw.status ?? {}) as Raw;
  return {
    traceId: id(raw.traceId),
    spanId: id(raw.spanId),
    parentSpanId: id(raw.parentSpanId),
    traceState: raw.traceState,
    flags: raw.flags,
    name: raw.name,
    kind: raw.kind,
    startTimeUnixNano: raw.startTimeUnixNano,
    startMicros: micros(raw.startTimeUnixNano),
    endTimeUnixNano: raw.endTimeUnixNano,
    endMicros: micros(raw.endTimeUnixNano),
    attributes: pairs(raw.attributes),
    droppedAttributesCount: raw.droppedAttributesCount,
    events: list(raw.events).map(({ timeUnixNano, name, attributes, droppedAttributesCount }) => ({
      timeUnixNano,
      name,
      attributes: pairs(attributes),
      droppedAttributesCount,
    })),
    droppedEventsCount: raw.droppedEventsCount,
    links: list(raw.links).map((link) => ({
      traceId: id(link.traceId),
      spanId: id(link.spanId),
      traceState: link.traceState,
      flags: link.flags,
      attributes: pairs(link.attributes),
      droppedAttributesCount: link.droppedAttributesCount,
    })),
    droppedLinksCount: raw.droppedLinksCount,
    status: { code, message },
  };
}

function logRecord(raw: Raw): Plain {
  return {
    timeUnixNano: raw.timeUnixNano,
    observedTimeUnixNano: raw.observedTimeUnixNano,
    severityNumber: raw.severityNumber,
    severityText: raw.severityText,
    eventName: raw.eventName,
    body: value(raw.body),
    attributes: pairs(raw.attributes),
    droppedAttributesCount: raw.droppedAttributesCount,
    flags: raw.flags,
    traceId: id(raw.traceId),
    spanId: id(raw.spanId),
  };
}

function id(raw: unknown): string {
  const hex = Buffer.from(raw as Uint8Array).toString('hex');
  return /^0*$/.test(hex) ? '' : hex;
}

function micros(nanos: unknown): number {
  return Number(BigInt(nanos as string) / 1000n);
}

const typeNames: Readonly<Record<string, string>> = {
  stringValue: 'string',
  boolValue: 'bool',
  intValue: 'int',
  doubleValue: 'double',
  arrayValue: 'array',
  kvlistValue: 'map',
  bytesValue: 'bytes',
};

/** Of duplicate keys the last one counts, at its own place. */
function pairs(raw: unknown): readonly unknown[] {
  const found = new Map<string, unknown>();
  for (const { key, value: given } of list(raw)) {
    found.delete(key as string);
    found.set(key as string, [typeNames[(given as Raw | null)?.value as string] ?? 'empty', value(given)]);
  }
  return [...found];
}

function value(raw: unknown): unknown {
  const given = raw as Raw | null | undefined;
  const content = given?.[given.value as string];
  switch (given?.value) {
    case 'stringValue':
      return { string: content };
    case 'boolValue':
      return { bool: content };
    case 'intValue':
      return { int: `${content}` };
    case 'doubleValue':
      return { double: `${Object.is(content, -0) ? '-0' : content}` };
    case 'bytesValue':
      return { bytes: Buffer.from(content as Uint8Array).toString('hex') };
    case 'arrayValue':
      return { array: list((content as Raw).values).map(value) };
    case 'kvlistValue': {
      // A Map keeps a repeated key where it first stood.
      const found = new Map<string, unknown>();
      for (const pair of list((content as Raw).values)) found.set(pair.key as string, value(pair.value));
      return { map: [...found] };
    }
    default:
      return null;
  }
}
