import { describe, expect, test } from 'vitest';
import { Fault } from '../../src/model/fault.ts';
import { countMetricsJson, decodeLogsJson, decodeTracesJson, logsJson, tracesJson } from '../../src/otlp/otlp.ts';
import { caller } from './plain.ts';

const ids = '"traceId":"0AF7651916cd43dd8448eb211c80319c","spanId":"b7ad6b7169203331"';
const exportOf = (...spans: readonly string[]) => `{"resourceSpans":[{"scopeSpans":[{"spans":[${spans.join(',')}]}]}]}`;
const spanOf = (members: string) => exportOf(`{${ids},${members}}`);
const attributeOf = (value: string) => spanOf(`"attributes":[{"key":"a","value":${value}}]`);

function only(text: string) {
  const { batch } = decodeTracesJson(text, caller);
  const span = batch.resourceSpans[0]?.scopeSpans[0]?.spans[0];
  if (span === undefined) throw new Error('no span');
  return span;
}

function faultOf(act: () => unknown): Fault {
  try {
    act();
  } catch (error) {
    if (error instanceof Fault) return error;
    throw error;
  }
  throw new Error('accepted');
}

describe('OTLP/JSON', () => {
  test('ids are hex digits in either case', () => {
    const span = only(spanOf('"parentSpanId":"ABCDEFABCDEFABCD"'));
    expect([span.traceId, span.spanId, span.parentSpanId]).toEqual([
      '0af7651916cd43dd8448eb211c80319c',
      'b7ad6b7169203331',
      'abcdefabcdefabcd',
    ]);
  });

  test.each([
    ['base64', '"CvdlGRbNQ92ESOshHIAxnA=="'],
    ['an odd number of digits', '"0af7651916cd43dd8448eb211c80319"'],
    ['letters that are no digits', '"zzf7651916cd43dd8448eb211c80319c"'],
    ['zeros', '"00000000000000000000000000000000"'],
    ['empty', '""'],
    ['absent', 'null'],
    ['far too long', `"${'ab'.repeat(1000)}"`],
  ])('a trace id that is %s costs its own span only', (_name, id) => {
    const bad = `{"traceId":${id},"spanId":"b7ad6b7169203331"}`;
    expect(decodeTracesJson(exportOf(bad, `{${ids}}`), caller)).toMatchObject({ items: 2, rejected: 1 });
  });

  test('snake_case names, enum names, numbers in strings, null and unknown members are taken', () => {
    const span = only(
      '{"resource_spans":[{"scope_spans":[{"spans":[{"trace_id":"0af7651916cd43dd8448eb211c80319c","span_id":"b7ad6b7169203331",' +
        '"start_time_unix_nano":"1763600082020000488","kind":"SPAN_KIND_CLIENT","status":{"code":"STATUS_CODE_ERROR","deprecatedCode":0},' +
        '"dropped_events_count":"3","links":null,"events":[null],"newer":{"deep":[1,{"x":"\\u0041"}]}}]}]}]}',
    );
    expect(span).toMatchObject({ kind: 3, droppedEventsCount: 3, startTimeUnixNano: 1763600082020000488n, startMicros: 1763600082020000 });
    expect(span.status).toEqual({ code: 2, message: '' });
    expect(span.links).toEqual([]);
  });

  test.each([
    ['9223372036854775807', 9223372036854775807n],
    ['"-9223372036854775808"', -9223372036854775808n],
    ['9007199254740993', 9007199254740993n],
    ['"0"', 0n],
    ['1e3', 1000n],
    ['12.0', 12n],
  ])('the integer %s keeps every digit', (text, value) => {
    expect(only(attributeOf(`{"intValue":${text}}`)).attributes.get('a')).toBe(value);
  });

  test('a time written as a number keeps every digit', () => {
    expect(only(spanOf('"startTimeUnixNano":1763600082020000489')).startTimeUnixNano).toBe(1763600082020000489n);
  });

  test.each([
    ['"NaN"', Number.NaN],
    ['"Infinity"', Number.POSITIVE_INFINITY],
    ['"-Infinity"', Number.NEGATIVE_INFINITY],
    ['"1.5"', 1.5],
    ['-2.5e-3', -0.0025],
  ])('the double %s is read', (text, value) => {
    expect(only(attributeOf(`{"doubleValue":${text}}`)).attributes.get('a')).toBe(value);
  });

  test('strings keep escapes, surrogate pairs and U+0000; a lone surrogate becomes U+FFFD', () => {
    const value = only(attributeOf('{"stringValue":"\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\\ud83d\\ude00\\u0000 é😀 \\ud800"}')).attributes.get(
      'a',
    );
    expect(value).toBe('"\\/\b\f\n\r\té😀\u0000 é😀 \ufffd');
  });

  test('bytes are base64, in the ordinary and in the URL alphabet', () => {
    expect(only(attributeOf('{"bytesValue":"+/8="}')).attributes.get('a')).toEqual(Buffer.from([0xfb, 0xff]));
    expect(only(attributeOf('{"bytesValue":"-_8"}')).attributes.get('a')).toEqual(Buffer.from([0xfb, 0xff]));
  });

  test('__proto__ is a key as any other, and an unknown member as any other', () => {
    const span = only(
      spanOf(
        '"__proto__":{"kind":3},"attributes":[{"key":"__proto__","value":{"kvlistValue":{"values":[{"key":"__proto__","value":{"intValue":1}}]}}}]',
      ),
    );
    expect(span.kind).toBe(0);
    expect(span.attributes.get('__proto__')).toEqual(new Map([['__proto__', 1n]]));
    expect(({} as Record<string, unknown>).kind).toBeUndefined();
  });

  test.each([
    ['{"resourceSpans":{}}', 'expected an array at byte 17 (resourceSpans)'],
    [spanOf('"name":5'), 'expected a string at byte 124 (resourceSpans[0].scopeSpans[0].spans[0].name)'],
    [spanOf('"kind":"nobody"'), '(resourceSpans[0].scopeSpans[0].spans[0].kind)'],
    [spanOf('"flags":-1'), 'expected an unsigned 32-bit integer'],
    [spanOf('"startTimeUnixNano":"soon"'), 'expected an unsigned 64-bit integer'],
    [attributeOf('{"intValue":9223372036854775808}'), 'expected a 64-bit integer'],
    [attributeOf('{"intValue":1.5}'), 'expected a 64-bit integer'],
    [attributeOf('{"boolValue":"true"}'), 'expected true or false'],
    [attributeOf('{"bytesValue":"*"}'), 'expected bytes as base64'],
    [attributeOf('{"doubleValue":"one"}'), 'expected a number, "NaN"'],
    [attributeOf('"bare"'), 'expected an object'],
    [attributeOf('{"stringValue":"\\x"}'), 'expected a valid escape'],
    [attributeOf('{"stringValue":"\u0001"}'), 'without control characters'],
    ['[]', 'expected an object at byte 0'],
    ['{"resourceSpans":[]} x', 'expected the end'],
    ['{"resourceSpans":[],}', 'expected a name in quotes'],
    ['{"resourceSpans":[}', 'expected an object'],
    ['{"resourceSpans"', 'expected ":"'],
    ['{"x":01}', 'expected "," or "}"'],
    ['{"x":nul}', 'expected a value'],
    [' ', 'expected an object'],
  ])('%s is refused with the place and what was expected', (text, message) => {
    const fault = faultOf(() => decodeTracesJson(text, caller));
    expect(fault.code).toBe('GW_DECODE_BAD_JSON');
    expect(fault.message).toContain(message);
  });

  test('ten thousand nested arrays or values are too deep, known or not', () => {
    const arrays = `${'['.repeat(10_000)}${']'.repeat(10_000)}`;
    let value = '{"intValue":1}';
    for (let depth = 0; depth < 10_000; depth++) value = `{"arrayValue":{"values":[${value}]}}`;
    for (const text of [arrays, `{"x":${arrays}}`, attributeOf(value)]) {
      expect(['GW_DECODE_TOO_DEEP', 'GW_DECODE_BAD_JSON']).toContain(faultOf(() => decodeTracesJson(text, caller)).code);
    }
    expect(faultOf(() => decodeTracesJson(attributeOf(value), caller)).code).toBe('GW_DECODE_TOO_DEEP');
  });

  test('64 nested values are read in JSON as in protobuf, as arrays and as maps', () => {
    for (const [open, close] of [
      ['{"arrayValue":{"values":[', ']}}'],
      ['{"kvlistValue":{"values":[{"key":"k","value":', '}]}}'],
    ] as const) {
      const nested = (depth: number) => attributeOf(`${open.repeat(depth - 1)}{"intValue":1}${close.repeat(depth - 1)}`);
      expect(only(nested(64)).attributes.size).toBe(1);
      expect(faultOf(() => decodeTracesJson(nested(65), caller)).code).toBe('GW_DECODE_TOO_DEEP');
    }
  });

  test.each([
    ['{"resourceLogs":[]}', 'logs', () => decodeTracesJson('{"resourceLogs":[]}', caller)],
    ['{"resource_metrics":[]}', 'metrics', () => decodeLogsJson('{"resource_metrics":[]}', caller)],
    ['{"resourceSpans":[]}', 'traces', () => countMetricsJson('{"resourceSpans":[]}')],
  ])('%s is told to be a %s export', (_text, sent, act) => {
    const fault = faultOf(act);
    expect(fault.code).toBe('GW_DECODE_WRONG_SIGNAL');
    expect(fault.message).toContain(`/v1/${sent}`);
  });

  test('data points of metrics are counted, whatever they hold', () => {
    const points = '{"dataPoints":[{"asInt":"5","timeUnixNano":"1"},{"asDouble":1.5}]}';
    expect(
      countMetricsJson(
        `{"resourceMetrics":[{"scopeMetrics":[{"metrics":[{"name":"m","sum":${points}},{"name":"g","gauge":${points}}]}]}]}`,
      ),
    ).toBe(4);
  });

  test('an empty body and an empty object are empty exports', () => {
    expect(decodeTracesJson('', caller).items).toBe(0);
    expect(decodeTracesJson('{}', caller).items).toBe(0);
  });

  test('what is printed follows the rules of OTLP/JSON', () => {
    const text =
      '{"resourceSpans":[{"resource":{"attributes":[{"key":"n","value":{"intValue":"0"}}]},"scopeSpans":[{"scope":{},"spans":[{' +
      '"traceId":"0af7651916cd43dd8448eb211c80319c","spanId":"b7ad6b7169203331","kind":3,"startTimeUnixNano":"1763600082020000488",' +
      '"attributes":[{"key":"d","value":{"doubleValue":"NaN"}},{"key":"b","value":{"bytesValue":"+/8="}},{"key":"e","value":{}},' +
      '{"key":"l","value":{"arrayValue":{"values":[{"stringValue":""},{"boolValue":false}]}}}]}]}]}]}';
    expect(tracesJson(decodeTracesJson(text, caller).batch)).toBe(text);
  });

  test('log records print likewise', () => {
    const text =
      '{"resourceLogs":[{"resource":{},"scopeLogs":[{"scope":{},"logRecords":[{"timeUnixNano":"1","severityNumber":9,"body":{"stringValue":"hello"},' +
      '"observedTimeUnixNano":"2","eventName":"e"}]}]}]}';
    expect(logsJson(decodeLogsJson(text, caller).batch)).toBe(text);
  });
});
