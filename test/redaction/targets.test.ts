/** The table of targets against the .proto files: no field that can hold text is forgotten, and each target is really looked at. */
import type protobuf from 'protobufjs';
import { describe, expect, it } from 'vitest';
import { decodeLogs, decodeTraces, encodeLogs, encodeTraces } from '../../src/otlp/otlp.ts';
import { protoFields, type Target, targetNames, targets } from '../../src/processors/redaction/deep/targets.ts';
import { redaction } from '../../src/processors/redaction/redaction.ts';
import { oracle, oracleEncode } from '../otlp/oracle.ts';
import { caller, processorOf } from '../processors/batches.ts';

const isText = ({ type }: protobuf.Field): boolean =>
  ['string', 'bytes', 'AnyValue', 'KeyValue', 'ArrayValue', 'KeyValueList'].includes(type.split('.').at(-1) ?? '');

/** Fields that can hold text of every message that an export holds, by `Message.field`. */
function textFields(type: protobuf.Type, seen = new Set<string>()): string[] {
  if (seen.has(type.name)) return [];
  seen.add(type.name);
  return type.fieldsArray.flatMap((field) => {
    const inner = field.resolve().resolvedType;
    const below = inner !== null && 'fieldsArray' in inner ? textFields(inner, seen) : [];
    const own = isText(field) ? [`${type.name}.${field.name.replace(/[A-Z]/g, (one) => `_${one.toLowerCase()}`)}`] : [];
    return [...own, ...below];
  });
}

const secret = 'ann@example.com';
const text = { stringValue: `mail ${secret}` };
const attributes = [
  { key: 'plain', value: text },
  { key: 'bytes', value: { bytesValue: Buffer.from(`mail ${secret}`).toString('base64') } },
  { key: 'list', value: { arrayValue: { values: [text, { kvlistValue: { values: [{ key: 'inner', value: text }] } }] } } },
  { key: 'json', value: { stringValue: JSON.stringify({ a: [secret], b: JSON.stringify({ c: secret }), [secret]: 1 }) } },
  { key: `of ${secret}`, value: { intValue: 1 } },
];
const schemaUrl = `https://schemas.example/${secret}`;
const ids = { traceId: 'qqqqqqqqqqqqqqqqqqqqqg==', spanId: 'u7u7u7u7u7s=' };
const scope = { name: `lib ${secret}`, version: `1 ${secret}`, attributes };
const traces = {
  resourceSpans: [
    {
      resource: { attributes },
      schemaUrl,
      scopeSpans: [
        {
          scope,
          schemaUrl,
          spans: [
            {
              ...ids,
              name: `ask ${secret}`,
              traceState: `a=${secret},ot=th:8`,
              attributes,
              events: [{ name: `event ${secret}`, attributes }],
              links: [{ ...ids, traceState: `b=${secret}`, attributes }],
              status: { message: `no ${secret}` },
            },
          ],
        },
      ],
    },
  ],
};
const logs = {
  resourceLogs: [
    {
      resource: { attributes },
      schemaUrl,
      scopeLogs: [{ scope, schemaUrl, logRecords: [{ severityText: secret, eventName: `event ${secret}`, body: text, attributes }] }],
    },
  ],
};

function redactedTraces(settings: object): string {
  const { batch } = decodeTraces(oracleEncode(oracle.traces, traces), caller);
  processorOf(redaction, { allow_all_keys: true, ...settings }).process(batch);
  return Buffer.from(encodeTraces(batch)).toString('latin1');
}

function redactedLogs(settings: object): string {
  const { batch } = decodeLogs(oracleEncode(oracle.logs, logs), caller);
  processorOf(redaction, { allow_all_keys: true, ...settings }).process(batch);
  return Buffer.from(encodeLogs(batch)).toString('latin1');
}

const count = (bytes: string): number => bytes.split(secret).length - 1;

describe('targets', () => {
  it('every field of the OTLP messages that can hold text has a target, or a reason why it never does', () => {
    const fields = new Set([...textFields(oracle.traces), ...textFields(oracle.logs)]);
    expect(Object.keys(protoFields).sort()).toEqual([...fields].sort());
  });

  it('every target stands for some field', () => {
    expect([...new Set(Object.values(protoFields).filter((one) => typeof one === 'string'))].sort()).toEqual([...targets].sort());
  });

  it('with detectors, nothing is left in any field of a span', () => {
    expect(count(redactedTraces({ detectors: ['email'] }))).toBe(0);
  });

  it('with detectors, nothing is left in any field of a log record', () => {
    expect(count(redactedLogs({ detectors: ['email'] }))).toBe(0);
  });

  it('the tracestate stays one, with its own sampling member', () => {
    expect(redactedTraces({ detectors: ['email'] })).toContain('a=<email>,ot=th:8');
  });

  const [allTraces, allLogs] = [count(redactedTraces({})), count(redactedLogs({}))];
  it.each(targets)('%s alone is looked at where only it is named', (target: Target) => {
    const settings = { detectors: ['email'], targets: [target] };
    const left = count(redactedTraces(settings)) + count(redactedLogs(settings));
    const others = { detectors: ['email'], targets: targets.filter((one) => one !== target) };
    expect(left).toBeLessThan(allTraces + allLogs);
    expect(left + count(redactedTraces(others)) + count(redactedLogs(others))).toBe(allTraces + allLogs);
  });

  it('rules and metrics name each target as OTTL does', () => {
    expect(new Set(Object.values(targetNames)).size).toBe(targets.length);
  });
});
