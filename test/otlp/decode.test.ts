import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bytes } from '../../src/model/bytes.ts';
import {
  countMetrics,
  decodeLogs,
  decodeLogsJson,
  decodeTraces,
  decodeTracesJson,
  encodeLogs,
  encodeTraces,
  logsJson,
  tracesJson,
} from '../../src/otlp/otlp.ts';
import { anyLogs, anyTraces } from './arbitrary.ts';
import { allCaptures, oracle, oracleEncode } from './oracle.ts';
import { oracleLogs, oracleTraces } from './oracle-plain.ts';
import { caller, plainLogs, plainTraces } from './plain.ts';
import { block, exportOf, goodSpan, join } from './wire.ts';

describe('protobuf', () => {
  test('random trace exports read as protobufjs reads them', () => {
    fc.assert(
      fc.property(anyTraces, (message) => {
        const body = oracleEncode(oracle.traces, message);
        const { batch, rejected } = decodeTraces(body, caller);
        expect(rejected).toBe(0);
        expect(plainTraces(batch)).toEqual(oracleTraces(body));
      }),
      { numRuns: 300 },
    );
  });

  test('random log exports read as protobufjs reads them', () => {
    fc.assert(
      fc.property(anyLogs, (message) => {
        const body = oracleEncode(oracle.logs, message);
        expect(plainLogs(decodeLogs(body, caller).batch)).toEqual(oracleLogs(body));
      }),
      { numRuns: 300 },
    );
  });

  test('every recorded request reads as protobufjs reads it', () => {
    const captures = allCaptures().filter(({ json }) => !json);
    expect(captures.length).toBeGreaterThan(100);
    for (const { name, signal, body } of captures) {
      if (signal === 'traces') expect(plainTraces(decodeTraces(body, caller).batch), name).toEqual(oracleTraces(body));
      else expect(plainLogs(decodeLogs(body, caller).batch), name).toEqual(oracleLogs(body));
    }
  });

  test("a span's ids are its own, whichever the spans before it had", () => {
    const id = fc.nat(2);
    fc.assert(
      fc.property(fc.array(fc.record({ trace: id, parent: id }), { maxLength: 8 }), (places) => {
        const idOf = (size: number, number: number) => Buffer.alloc(size, 0x10).fill(number, size - 1);
        const spans = places.map(({ trace, parent }, at) =>
          join(block(1, idOf(16, trace)), block(2, idOf(8, at)), parent === 0 ? Buffer.of() : block(4, idOf(8, parent))),
        );
        const { batch } = decodeTraces(exportOf(...spans), caller);
        const read = batch.resourceSpans[0]?.scopeSpans[0]?.spans ?? [];
        expect(read.map(({ traceId, spanId, parentSpanId }) => [traceId, spanId, parentSpanId])).toEqual(
          places.map(({ trace, parent }, at) => [
            idOf(16, trace).toString('hex'),
            idOf(8, at).toString('hex'),
            parent === 0 ? '' : idOf(8, parent).toString('hex'),
          ]),
        );
      }),
    );
  });

  test('an empty body is an empty export', () => {
    expect(decodeTraces(bytes.from(''), caller)).toMatchObject({ items: 0, rejected: 0, message: '' });
    expect(decodeLogs(bytes.from(''), caller).items).toBe(0);
    expect(countMetrics(bytes.from(''))).toBe(0);
  });
});

describe('encoding', () => {
  test('an untouched trace export is encoded to the same meaning, and so is one whose every part was touched', () => {
    fc.assert(
      fc.property(anyTraces, (message) => {
        const body = oracleEncode(oracle.traces, message);
        const { batch } = decodeTraces(body, caller);
        expect(oracleTraces(encodeTraces(batch))).toEqual(oracleTraces(body));
        for (const { scopeSpans } of batch.resourceSpans) for (const { spans } of scopeSpans) for (const span of spans) touch(span);
        expect(oracleTraces(encodeTraces(batch))).toEqual(oracleTraces(body));
      }),
    );
  });

  test('log exports likewise', () => {
    fc.assert(
      fc.property(anyLogs, (message) => {
        const body = oracleEncode(oracle.logs, message);
        const { batch } = decodeLogs(body, caller);
        expect(oracleLogs(encodeLogs(batch))).toEqual(oracleLogs(body));
        for (const { scopeLogs } of batch.resourceLogs)
          for (const { logRecords } of scopeLogs) for (const record of logRecords) touch(record);
        expect(oracleLogs(encodeLogs(batch))).toEqual(oracleLogs(body));
      }),
    );
  });

  test('fields that are newer than our schema survive, in spans that were touched and in those that were not', () => {
    const newer = block(1007, Buffer.from([7, 7]));
    const body = block(1, block(1, newer), block(2, block(2, goodSpan, newer)));
    const { batch } = decodeTraces(body, caller);
    const times = () => encodeTraces(batch).hexSlice().split(newer.hexSlice()).length - 1;
    expect(times()).toBe(2);
    const first = batch.resourceSpans[0]?.scopeSpans[0]?.spans[0];
    if (first !== undefined) first.name = 'changed';
    expect(times()).toBe(2);
  });
});

describe('JSON', () => {
  test('random trace exports printed as JSON read back as the same', () => {
    fc.assert(
      fc.property(anyTraces, (message) => {
        const { batch } = decodeTraces(oracleEncode(oracle.traces, message), caller);
        const json = tracesJson(batch);
        expect(plainTraces(decodeTracesJson(json, caller).batch)).toEqual(plainTraces(batch));
        // Not by way of JSON.parse, which JSON.stringify would follow with 0 for -0.
        const pretty = json.replace(/"(?:[^"\\]|\\.)*"|[,:{}[\]]/g, (token) => (token.startsWith('"') ? token : `${token}\n `));
        expect(plainTraces(decodeTracesJson(pretty, caller).batch)).toEqual(plainTraces(batch));
      }),
      { numRuns: 200 },
    );
  });

  test('random log exports printed as JSON read back as the same', () => {
    fc.assert(
      fc.property(anyLogs, (message) => {
        const { batch } = decodeLogs(oracleEncode(oracle.logs, message), caller);
        expect(plainLogs(decodeLogsJson(logsJson(batch), caller).batch)).toEqual(plainLogs(batch));
      }),
      { numRuns: 200 },
    );
  });

  test('every recorded JSON request reads as protobufjs reads its objects', () => {
    const captures = allCaptures().filter(({ json }) => json);
    expect(captures.length).toBeGreaterThan(20);
    for (const { name, signal, body } of captures) {
      const objects = JSON.parse(body.utf8Slice()) as Record<string, unknown>;
      hexToBytes(objects);
      const encoded = oracleEncode(oracle[signal], objects);
      if (signal === 'traces') expect(plainTraces(decodeTracesJson(body, caller).batch), name).toEqual(oracleTraces(encoded));
      else expect(plainLogs(decodeLogsJson(body, caller).batch), name).toEqual(oracleLogs(encoded));
    }
  });
});

/** Sets a field to what it is. */
function touch(item: { flags: number }): void {
  const { flags } = item;
  item.flags = flags;
}

/** protobufjs wants bytes where OTLP/JSON has hex digits. */
function hexToBytes(value: unknown): void {
  if (typeof value !== 'object' || value === null) return;
  const object = value as Record<string, unknown>;
  for (const [name, inner] of Object.entries(object)) {
    if (/^(?:traceId|spanId|parentSpanId)$/.test(name) && typeof inner === 'string') object[name] = Buffer.from(inner, 'hex');
    else hexToBytes(inner);
  }
}
