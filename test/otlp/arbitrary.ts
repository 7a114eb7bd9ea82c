/** Random OTLP messages in the shape that the oracle's `fromObject` takes. */
import fc from 'fast-check';
import type { Plain } from './oracle.ts';

const text = fc.oneof(fc.string({ unit: 'binary', maxLength: 40 }), fc.string({ maxLength: 12 }), fc.constant('x'.repeat(200)));
const key = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom('__proto__', 'gen_ai.system', 'llm.input_messages.0.message.role', 'a', '') },
  { weight: 2, arbitrary: text },
);
const int64 = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(String);
const uint64 = fc.bigInt({ min: 0n, max: 2n ** 62n }).map(String);
const uint32 = fc.integer({ min: 0, max: 0xffffffff });
const blob = fc.uint8Array({ maxLength: 20 }).map((bytes) => Buffer.from(bytes));

const { value: anyValue } = fc.letrec<{ value: Plain; pair: Plain }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    fc.record({ stringValue: text }),
    fc.record({ boolValue: fc.boolean() }),
    fc.record({ intValue: int64 }),
    fc.record({ doubleValue: fc.double() }),
    fc.record({ bytesValue: blob }),
    fc.constant({}),
    fc.record({ arrayValue: fc.record({ values: fc.array(tie('value'), { maxLength: 4 }) }) }),
    fc.record({ kvlistValue: fc.record({ values: fc.array(tie('pair'), { maxLength: 4 }) }) }),
  ),
  pair: fc.record({ key, value: tie('value') }),
}));

const attributes = fc.array(fc.record({ key, value: anyValue }, { requiredKeys: ['key'] }), { maxLength: 6 });
const id = (size: number) =>
  fc
    .uint8Array({ minLength: size, maxLength: size })
    .map((bytes) => Buffer.from(bytes.map((byte, index) => (index === 0 ? byte | 1 : byte))));
const some = <Fields>(fields: { [Name in keyof Fields]: fc.Arbitrary<Fields[Name]> }) => fc.record(fields, { requiredKeys: [] });

const event = some({ timeUnixNano: uint64, name: text, attributes, droppedAttributesCount: uint32 });
const link = some({ traceId: id(16), spanId: id(8), traceState: text, attributes, droppedAttributesCount: uint32, flags: uint32 });

const span = fc.record(
  {
    traceId: id(16),
    spanId: id(8),
    parentSpanId: fc.oneof(id(8), fc.constant(Buffer.alloc(8))),
    traceState: text,
    flags: uint32,
    name: text,
    kind: fc.integer({ min: 0, max: 5 }),
    startTimeUnixNano: uint64,
    endTimeUnixNano: uint64,
    attributes,
    droppedAttributesCount: uint32,
    events: fc.array(event, { maxLength: 3 }),
    droppedEventsCount: uint32,
    links: fc.array(link, { maxLength: 3 }),
    droppedLinksCount: uint32,
    status: some({ code: fc.integer({ min: 0, max: 2 }), message: text }),
  },
  { requiredKeys: ['traceId', 'spanId'] },
);

const logRecord = some({
  timeUnixNano: uint64,
  observedTimeUnixNano: uint64,
  severityNumber: fc.integer({ min: 0, max: 24 }),
  severityText: text,
  eventName: text,
  body: anyValue,
  attributes,
  droppedAttributesCount: uint32,
  flags: uint32,
  traceId: id(16),
  spanId: id(8),
});

const resource = some({ attributes, droppedAttributesCount: uint32 });
const scope = some({ name: text, version: text, attributes, droppedAttributesCount: uint32 });

export const anyTraces: fc.Arbitrary<Plain> = fc.record({
  resourceSpans: fc.array(
    some({
      resource,
      schemaUrl: text,
      scopeSpans: fc.array(some({ scope, schemaUrl: text, spans: fc.array(span, { maxLength: 4 }) }), { maxLength: 2 }),
    }),
    { maxLength: 2 },
  ),
});

export const anyLogs: fc.Arbitrary<Plain> = fc.record({
  resourceLogs: fc.array(
    some({
      resource,
      schemaUrl: text,
      scopeLogs: fc.array(some({ scope, schemaUrl: text, logRecords: fc.array(logRecord, { maxLength: 4 }) }), { maxLength: 2 }),
    }),
    { maxLength: 2 },
  ),
});
