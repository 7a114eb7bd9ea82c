import { describe, expect, test } from 'vitest';
import { asBytes, noBytes } from '../../src/model/bytes.ts';
import { Fault, type FaultCode } from '../../src/model/fault.ts';
import { countMetrics, decodeLogs, decodeTraces, defaultLimits } from '../../src/otlp/otlp.ts';
import { allCaptures } from './oracle.ts';
import { caller, plainTraces } from './plain.ts';
import { attribute, block, exportOf, goodSpan, join, nestedValue, spanId, traceId, varint } from './wire.ts';

function codeOf(act: () => unknown): FaultCode | 'accepted' {
  try {
    act();
    return 'accepted';
  } catch (error) {
    if (error instanceof Fault) return error.code;
    throw error;
  }
}

describe('bodies that are no protobuf', () => {
  const tenMore = Buffer.alloc(10, 0xff);
  test.each<[string, Uint8Array]>([
    ['a tag of eleven bytes', join(tenMore, Buffer.from([1]))],
    ['field number zero', Buffer.from([0x02, 0x00])],
    ['a group', Buffer.from([0x0b, 0x0c])],
    ['wire type 7', Buffer.from([0x0f])],
    ['a length beyond the end', Buffer.from([0x0a, 0x05, 0x00])],
    ['a negative length', join(Buffer.from([0x0a]), varint(-1))],
    ['a length of more than 32 bits', join(Buffer.from([0x0a]), varint(2n ** 32n + 1n), Buffer.alloc(8))],
    ['a nested length beyond its message', Buffer.from([0x0a, 0x02, 0x12, 0x05, 0, 0, 0, 0, 0])],
    ['a fixed64 cut short by its message', exportOf(join(goodSpan, Buffer.from([0x39, 1, 2, 3])))],
    ['a varint that runs over the end of its message', exportOf(join(goodSpan, Buffer.from([0x30, 0x80])))],
    ['a varint of eleven bytes', exportOf(join(goodSpan, Buffer.from([0x30]), tenMore, Buffer.from([1])))],
    ['a name that is a number', exportOf(join(goodSpan, Buffer.from([0x28, 1])))],
    ['an attribute value of a wrong wire type', exportOf(join(goodSpan, block(9, Buffer.from([0x10, 1]))))],
    ['an event cut short', exportOf(join(goodSpan, block(11, Buffer.from([0x12, 9]))))],
    ['text', Buffer.from('{"resourceSpans":[]}')],
    ['HTML', Buffer.from('<html>')],
  ])('%s', (_name, body) => {
    expect(codeOf(() => decodeTraces(asBytes(body), caller))).toBe('GW_DECODE_BAD_PROTOBUF');
  });

  test('the message tells the byte and what was expected there', () => {
    expect(() => decodeTraces(asBytes(Buffer.from([0x0a, 0x05, 0x00])), caller)).toThrow(
      'cannot decode protobuf: expected a length of at most 1 bytes at byte 1',
    );
  });

  test('a body cut at any byte is refused or read as far as its messages are whole, never anything else', () => {
    const body =
      allCaptures()
        .find(({ json, signal }) => !json && signal === 'traces')
        ?.body.subarray(0, 4_000) ?? noBytes;
    for (let length = 0; length < body.length; length++) {
      const code = codeOf(() => plainTraces(decodeTraces(body.subarray(0, length), caller).batch));
      expect(['accepted', 'GW_DECODE_BAD_PROTOBUF']).toContain(code);
    }
  });
});

describe('limits', () => {
  test('64 nested values are read, 65 are too deep', () => {
    const at = (depth: number) => exportOf(join(goodSpan, attribute('deep', nestedValue(depth))));
    expect(codeOf(() => plainTraces(decodeTraces(at(64), caller).batch))).toBe('accepted');
    expect(codeOf(() => decodeTraces(at(65), caller))).toBe('GW_DECODE_TOO_DEEP');
    expect(codeOf(() => decodeTraces(at(10_000), caller))).toBe('GW_DECODE_TOO_DEEP');
    const event = exportOf(join(goodSpan, block(11, attribute('deep', nestedValue(65), 3))));
    expect(codeOf(() => decodeTraces(event, caller))).toBe('GW_DECODE_TOO_DEEP');
    const body = exportOf(block(5, nestedValue(65)));
    expect(codeOf(() => decodeLogs(body, caller))).toBe('GW_DECODE_TOO_DEEP');
  });

  test('a span of a million attributes is rejected alone', () => {
    const many = join(goodSpan, Buffer.alloc(2_000_000, Buffer.from([0x4a, 0x00])));
    const decoded = decodeTraces(exportOf(goodSpan, many), caller);
    expect(decoded).toMatchObject({ items: 2, rejected: 1, message: '1 span rejected: more than 16384 attributes (1)' });
  });

  test('a span of too many events is rejected alone', () => {
    const many = join(goodSpan, Buffer.alloc(11 * 2, Buffer.from([0x5a, 0x00])));
    const decoded = decodeTraces(exportOf(goodSpan, many), caller, { ...defaultLimits, eventsMax: 10 });
    expect(decoded).toMatchObject({ items: 2, rejected: 1, message: '1 span rejected: more than 10 events or links (1)' });
  });

  test.each([
    ['spans', exportOf(...Array.from({ length: 11 }, () => goodSpan)), { itemsMax: 10 }],
    ['resources', Buffer.alloc(22, Buffer.from([0x0a, 0x00])), { itemsMax: 10 }],
    ['attributes of a resource', block(1, block(1, Buffer.alloc(22, Buffer.from([0x0a, 0x00])))), { attributesMax: 10 }],
    ['nested values', exportOf(join(goodSpan, attribute('a', block(5, Buffer.alloc(22, Buffer.from([0x0a, 0x00])))))), { elementsMax: 10 }],
  ])('too many %s refuse the request', (_name, body, limits) => {
    expect(codeOf(() => decodeTraces(asBytes(body), caller))).toBe('accepted');
    expect(codeOf(() => decodeTraces(asBytes(body), caller, { ...defaultLimits, ...limits }))).toBe('GW_DECODE_TOO_MANY');
  });
});

describe('spans that are bad alone', () => {
  test('are left out, counted, and told apart by the rule they break', () => {
    const zeroTrace = join(block(1, Buffer.alloc(16)), spanId);
    const shortSpan = join(traceId, block(2, Buffer.alloc(7, 1)));
    const badParent = join(goodSpan, block(4, Buffer.alloc(3, 1)));
    const decoded = decodeTraces(exportOf(zeroTrace, goodSpan, shortSpan, shortSpan, badParent, Buffer.alloc(0)), caller);
    expect(decoded.items).toBe(6);
    expect(decoded.rejected).toBe(5);
    expect(decoded.message).toBe(
      '5 spans rejected: trace id is not 16 bytes (32 hex digits in JSON) or is all zero (2); ' +
        'span id is not 8 bytes (16 hex digits in JSON) or is all zero (2); parent span id is not 8 bytes (16 hex digits in JSON) (1)',
    );
    expect(decoded.batch.resourceSpans[0]?.scopeSpans[0]?.spans.map(({ name }) => name)).toEqual(['name']);
  });

  test('do not disturb the attributes of their neighbours', () => {
    const bad = join(attribute('bad', nestedValue(1)), spanId);
    const good = join(attribute('good', nestedValue(1)), goodSpan);
    const decoded = decodeTraces(exportOf(bad, good, bad, good), caller);
    for (const span of decoded.batch.resourceSpans[0]?.scopeSpans[0]?.spans ?? []) expect([...span.attributes]).toEqual([['good', 'x']]);
  });

  test('a log record may have no ids, or zero ids, but not half an id', () => {
    const none = block(12, Buffer.from('event'));
    const zero = join(none, block(9, Buffer.alloc(16)), block(10, Buffer.alloc(8)));
    const half = join(none, block(10, Buffer.alloc(4, 1)));
    const decoded = decodeLogs(exportOf(none, zero, half), caller);
    expect(decoded).toMatchObject({ items: 3, rejected: 1 });
    expect(decoded.batch.resourceLogs[0]?.scopeLogs[0]?.logRecords.map(({ traceId: id }) => id)).toEqual(['', '']);
  });
});

describe('an export that came to the wrong path', () => {
  const log = join(Buffer.from([0x09]), Buffer.alloc(8, 1), Buffer.from([0x10, 9]));
  const span = join(goodSpan, Buffer.from([0x39]), Buffer.alloc(8, 1));
  const dataPoint = block(1, join(Buffer.from([0x19]), Buffer.alloc(8, 1)));
  const gauge = join(block(1, Buffer.from('memory.used')), block(5, dataPoint));
  const histogram = join(block(1, Buffer.from('duration')), block(9, dataPoint, Buffer.from([0x10, 2])));
  const sum = join(block(1, Buffer.from('requests')), block(7, dataPoint, Buffer.from([0x10, 2])));

  test.each([
    ['logs', 'traces', () => decodeTraces(exportOf(log), caller)],
    ['logs', 'traces', () => decodeTraces(exportOf(Buffer.from([0x10, 9])), caller)],
    ['metrics', 'traces', () => decodeTraces(exportOf(gauge), caller)],
    ['metrics', 'traces', () => decodeTraces(exportOf(histogram), caller)],
    ['metrics', 'traces', () => decodeTraces(exportOf(sum), caller)],
    ['traces', 'logs', () => decodeLogs(exportOf(span), caller)],
    ['metrics', 'logs', () => decodeLogs(exportOf(gauge), caller)],
    ['traces', 'metrics', () => countMetrics(exportOf(span))],
    ['logs', 'metrics', () => countMetrics(exportOf(log))],
  ])('%s sent as %s', (sent, wanted, act) => {
    expect(codeOf(act)).toBe('GW_DECODE_WRONG_SIGNAL');
    expect(act).toThrow(`cannot decode ${wanted}: the body is a ${sent} export, which belongs to /v1/${sent}`);
  });

  test('every recorded export is told by the decoders of the other signals', () => {
    for (const { name, signal, json, body } of allCaptures()) {
      if (json) continue;
      const wrong = signal === 'traces' ? () => decodeLogs(body, caller) : () => decodeTraces(body, caller);
      expect(codeOf(wrong), name).toBe('GW_DECODE_WRONG_SIGNAL');
      expect(
        codeOf(() => countMetrics(body)),
        name,
      ).toBe('GW_DECODE_WRONG_SIGNAL');
    }
  });

  test('metrics are counted by their data points', () => {
    expect(countMetrics(exportOf(gauge, sum, histogram))).toBe(3);
  });
});
