import { describe, expect, test } from 'vitest';
import { type ContextName, type Evaluation, parseStatements, parseValue } from '../../src/ottl/ottl.ts';
import { Id, type OttlValue, Time } from '../../src/ottl/value.ts';
import { functions, mapOf, scene } from './scene.ts';

function read(path: string, context: ContextName, evaluation: Evaluation): OttlValue {
  return parseValue(path, { context, functions }).evaluate(evaluation);
}

function write(path: string, context: ContextName, evaluation: Evaluation, value: string): void {
  parseStatements([`set(${path}, ${value})`], { context, functions }).run(evaluation);
}

/** Path, its value in the scene, an expression to set, and what is read then. */
type Row = readonly [path: string, before: unknown, assigned: string, after: unknown];

const rows: Readonly<Record<ContextName, readonly Row[]>> = {
  otelcol: [],
  resource: [
    ['resource.attributes["service.name"]', 'shop', '"bar"', 'bar'],
    ['resource.attributes', mapOf({ 'service.name': 'shop' }), '{"a": 1}', mapOf({ a: 1n })],
    ['resource.dropped_attributes_count', 0n, '5', 5n],
    ['resource.schema_url', 'https://schema/r', '"x"', 'x'],
    ['resource.cache["k"]', null, '[1]', [1n]],
  ],
  scope: [
    ['scope.name', 'lib', '"x"', 'x'],
    ['instrumentation_scope.version', '1.2', '"x"', 'x'],
    ['scope.attributes["lang"]', 'ts', '"x"', 'x'],
    ['scope.dropped_attributes_count', 0n, '1', 1n],
    ['scope.schema_url', '', '"x"', 'x'],
    ['scope.cache', new Map(), '{"a": SomeTime()}', new Map([['a', new Time(10n)]])],
    ['resource.schema_url', 'https://schema/r', '"y"', 'y'],
  ],
  span: [
    ['span.trace_id', new Id('0102030405060708090a0b0c0d0e0f10'), 'span.trace_id', new Id('0102030405060708090a0b0c0d0e0f10')],
    ['span.trace_id.string', '0102030405060708090a0b0c0d0e0f10', '"FF000000000000000000000000000000"', 'ff000000000000000000000000000000'],
    ['span.span_id', new Id('0102030405060708'), 'OtherId()', new Id('ffffffffffffffff')],
    ['span.span_id.string', '0102030405060708', '"0000000000000000"', ''],
    ['span.parent_span_id', new Id('0000000000000000'), 'OtherId()', new Id('ffffffffffffffff')],
    ['span.parent_span_id.string', '', '"ffffffffffffffff"', 'ffffffffffffffff'],
    ['span.trace_state', 'vendor=1,other=2', '"a=b"', 'a=b'],
    ['span.trace_state["other"]', '2', '"3"', '3'],
    ['span.trace_state["missing"]', '', '"x"', 'x'],
    ['span.flags', 1n, '256', 256n],
    ['span.name', 'chat', '"x"', 'x'],
    ['span.kind', 3n, 'SPAN_KIND_SERVER', 2n],
    ['span.kind.string', 'Client', '"Server"', 'Server'],
    ['span.kind.deprecated_string', 'SPAN_KIND_CLIENT', '"SPAN_KIND_PRODUCER"', 'SPAN_KIND_PRODUCER'],
    ['span.start_time', new Time(1_000_000_000n), 'SomeTime()', new Time(10n)],
    ['span.start_time_unix_nano', 1_000_000_000n, '5', 5n],
    ['span.end_time', new Time(3_500_000_000n), 'SomeTime()', new Time(10n)],
    ['span.end_time_unix_nano', 3_500_000_000n, '6', 6n],
    ['span.attributes["text"]', 'hello', '1.5', 1.5],
    ['span.attributes["int"]', 7n, '0x00ff', Buffer.from([0, 255])],
    ['span.attributes["new"]', null, '{"a": [nil, true]}', mapOf({ a: [null, true] })],
    ['span.attributes["map"]["a"]["b"]', 3n, '4', 4n],
    ['span.attributes["map"]["x"]["y"]', null, '4', 4n],
    ['span.attributes["list"][2]["b"]', 'deep', '"d"', 'd'],
    ['span.attributes["fresh"]["list"][1]', null, '"d"', 'd'],
    ['span.attributes["fresh"]', null, 'nil', null],
    ['span.dropped_attributes_count', 4n, '0', 0n],
    ['span.dropped_events_count', 0n, '1', 1n],
    ['span.dropped_links_count', 0n, '1', 1n],
    ['span.status', mapOf({ code: 2n, message: 'no' }), '{"code": 1, "message": ""}', mapOf({ code: 1n, message: '' })],
    ['span.status.code', 2n, 'STATUS_CODE_OK', 1n],
    ['span.status.message', 'no', '"yes"', 'yes'],
    ['span.cache["a"]["b"]', null, '1', 1n],
    ['scope.name', 'lib', '"x"', 'x'],
    ['resource.attributes["service.name"]', 'shop', '"x"', 'x'],
  ],
  spanevent: [
    ['spanevent.name', 'first', '"x"', 'x'],
    ['spanevent.time', new Time(2n), 'SomeTime()', new Time(10n)],
    ['spanevent.time_unix_nano', 2n, '3', 3n],
    ['spanevent.attributes["k"]', 'v', '1', 1n],
    ['spanevent.dropped_attributes_count', 0n, '1', 1n],
    ['spanevent.cache["k"]', null, '1', 1n],
    ['span.name', 'chat', '"x"', 'x'],
  ],
  spanlink: [
    [
      'spanlink.trace_id.string',
      'ff020304050607080900000000000000',
      '"ffffffffffffffffffffffffffffffff"',
      'ffffffffffffffffffffffffffffffff',
    ],
    ['spanlink.span_id', new Id('ff02030405060708'), 'OtherId()', new Id('ffffffffffffffff')],
    ['spanlink.trace_state["l"]', '1', '"2"', '2'],
    ['spanlink.flags', 0n, '1', 1n],
    ['spanlink.attributes["l"]', 1n, '2', 2n],
    ['spanlink.dropped_attributes_count', 0n, '2', 2n],
    ['spanlink.cache["l"]', null, '2', 2n],
    ['span.name', 'chat', '"x"', 'x'],
  ],
  log: [
    ['log.time', new Time(5n), 'SomeTime()', new Time(10n)],
    ['log.time_unix_nano', 5n, '6', 6n],
    ['log.observed_time', new Time(0n), 'SomeTime()', new Time(10n)],
    ['log.observed_time_unix_nano', 0n, '6', 6n],
    ['log.severity_number', 9n, 'SEVERITY_NUMBER_ERROR', 17n],
    ['log.severity_text', 'INFO', '"x"', 'x'],
    ['log.event_name', 'e', '"x"', 'x'],
    ['log.body', mapOf({ text: 'hi', parts: [1n] }), '"x"', 'x'],
    ['log.body["text"]', 'hi', '"x"', 'x'],
    ['log.body["parts"][0]', 1n, '2', 2n],
    ['log.body.string', '{"parts":[1],"text":"hi"}', '"x"', 'x'],
    ['log.attributes["a"]', null, '1', 1n],
    ['log.dropped_attributes_count', 0n, '1', 1n],
    ['log.flags', 0n, '1', 1n],
    ['log.trace_id.string', '', '"ffffffffffffffffffffffffffffffff"', 'ffffffffffffffffffffffffffffffff'],
    ['log.span_id.string', '', '"ffffffffffffffff"', 'ffffffffffffffff'],
    ['log.cache["a"]', null, '1', 1n],
    ['resource.attributes["service.name"]', 'shop', '"x"', 'x'],
  ],
};

for (const [context, paths] of Object.entries(rows) as [ContextName, readonly Row[]][]) {
  if (paths.length === 0) continue;
  describe(`in context ${context}`, () => {
    test.each(paths)('%s is read and set', (path, before, assigned, after) => {
      const evaluation = scene();
      expect(read(path, context, evaluation)).toEqual(before);
      write(path, context, evaluation, assigned);
      expect(read(path, context, evaluation)).toEqual(after);
    });
  });
}

describe('a value of the wrong type is refused and changes nothing', () => {
  const cases: readonly (readonly [context: ContextName, path: string, value: string, reason: string])[] = [
    ['resource', 'resource.schema_url', '1', 'cannot set path: expected string, got int'],
    ['resource', 'resource.attributes', '"x"', 'cannot set path: expected map, got string'],
    ['resource', 'resource.attributes', 'nil', 'cannot set path: expected map, got nil'],
    ['resource', 'resource.dropped_attributes_count', '1.0', 'cannot set path: expected int, got float'],
    ['scope', 'scope.name', 'nil', 'cannot set path: expected string, got nil'],
    ['span', 'span.name', 'true', 'cannot set path: expected string, got bool'],
    ['span', 'span.trace_id', '"x"', 'cannot set path: expected id, got string'],
    ['span', 'span.trace_id', 'SomeId()', 'cannot set path: expected an id of 32 hex digits, got 16'],
    ['span', 'span.span_id', '0x0102030405060708', 'cannot set path: expected id, got bytes'],
    ['span', 'span.trace_id.string', '"xyz"', 'cannot set path: expected 32 hex digits'],
    ['span', 'span.span_id.string', '1', 'cannot set path: expected string, got int'],
    ['span', 'span.trace_state', '1', 'cannot set path: expected string, got int'],
    ['span', 'span.trace_state["k"]', '1', 'cannot set path: expected string, got int'],
    ['span', 'span.trace_state["K"]', '"v"', 'cannot set trace_state: invalid key'],
    ['span', 'span.trace_state["k"]', '"a,b"', 'cannot set trace_state: invalid value'],
    ['span', 'span.kind', '"Server"', 'cannot set path: expected int, got string'],
    [
      'span',
      'span.kind.string',
      '"Sever"',
      'cannot set path: unknown span kind, expected one of Unspecified, Internal, Server, Client, Producer, Consumer',
    ],
    ['span', 'span.start_time', '1', 'cannot set path: expected time, got int'],
    ['span', 'span.start_time_unix_nano', 'SomeTime()', 'cannot set path: expected int, got time'],
    ['span', 'span.status', '{"code": "x"}', 'cannot set path: expected int, got string'],
    ['span', 'span.status.code', '"x"', 'cannot set path: expected int, got string'],
    ['span', 'span.status.message', '1', 'cannot set path: expected string, got int'],
    ['span', 'span.events', '[]', 'cannot set path: expected events, got list'],
    ['span', 'span.links', 'span.events', 'cannot set path: expected links, got records'],
    ['span', 'span.attributes["t"]', 'SomeTime()', 'cannot set attribute: time is not an attribute type'],
    ['span', 'span.attributes["t"]', '[SomeDuration()]', 'cannot set attribute: duration is not an attribute type'],
    ['span', 'span.attributes["t"]', '{"a": span.span_id}', 'cannot set attribute: id is not an attribute type'],
    ['span', 'span.attributes["t"]', 'span.events', 'cannot set attribute: events is not an attribute type'],
    ['span', 'span.attributes', '{"a": SomeTime()}', 'cannot set attribute: time is not an attribute type'],
    ['span', 'span.attributes["text"]["a"]', '1', 'cannot index string with string'],
    ['span', 'span.attributes["list"]["a"]', '1', 'cannot index list with string'],
    ['span', 'span.attributes["list"][9]', '1', 'index 9 out of bounds: the list has 3 elements'],
    ['span', 'span.attributes["list"][-1]', '1', 'index -1 out of bounds: the list has 3 elements'],
    ['span', 'span.attributes["fresh"][5000]', '1', 'index 5000 out of bounds: a new list has at most 1024 elements'],
    ['span', 'span.cache', '1', 'cannot set path: expected map, got int'],
    ['spanevent', 'spanevent.time', '1', 'cannot set path: expected time, got int'],
    ['spanlink', 'spanlink.trace_state', '1', 'cannot set path: expected string, got int'],
    ['log', 'log.body', 'SomeTime()', 'cannot set attribute: time is not an attribute type'],
    ['log', 'log.severity_text', '1', 'cannot set path: expected string, got int'],
  ];
  test.each(cases)('%s: set(%s, %s)', (context, path, value, reason) => {
    const evaluation = scene();
    const whole = `[span.name, span.attributes, span.trace_id, span.trace_state, span.kind, span.status, span.start_time]`;
    const before = read(whole, 'span', evaluation);
    expect(() => write(path, context, evaluation, value)).toThrow(expect.objectContaining({ name: 'OttlError', reason }));
    expect(read(whole, 'span', evaluation)).toEqual(before);
  });
});

describe('maps are changed in place', () => {
  const run = (statement: string, evaluation: Evaluation) => parseStatements([statement], { context: 'span', functions }).run(evaluation);

  test('attributes lose a key', () => {
    const evaluation = scene();
    run('delete_key(span.attributes, "text")', evaluation);
    expect(evaluation.span.attributes.has('text')).toBe(false);
    expect(evaluation.span.attributes.has('int')).toBe(true);
  });

  test('a nested map loses a key, and whoever holds the old map keeps it', () => {
    const evaluation = scene();
    const old = evaluation.span.attributes.get('map');
    run('delete_key(span.attributes["map"], "a")', evaluation);
    expect(evaluation.span.attributes.get('map')).toEqual(mapOf({ n: null }));
    expect(old).toEqual(mapOf({ a: mapOf({ b: 3n }), n: null }));
  });

  test('the cache takes what attributes cannot hold', () => {
    const evaluation = scene();
    run('put(span.cache, "t", SomeTime())', evaluation);
    expect(read('span.cache["t"]', 'span', evaluation)).toEqual(new Time(10n));
    expect(() => run('put(span.attributes, "t", SomeTime())', evaluation)).toThrow('cannot set attribute: time is not an attribute type');
  });

  test('what is no map is refused', () => {
    expect(() => run('delete_key(span.attributes["text"], "a")', scene())).toThrow('expected map, got string');
    expect(() => run('delete_key(span.attributes["missing"], "a")', scene())).toThrow('expected map, got nil');
  });

  test('a copy of attributes in the cache stays as it was', () => {
    const evaluation = scene();
    run('set(span.cache["copy"], span.attributes)', evaluation);
    run('set(span.attributes["text"], "changed")', evaluation);
    expect(read('span.cache["copy"]["text"]', 'span', evaluation)).toBe('hello');
  });

  test('events can be emptied of nothing but themselves', () => {
    const evaluation = scene();
    run('set(span.events, span.events)', evaluation);
    expect(evaluation.span.events.map(({ name }) => name)).toEqual(['first']);
  });
});

describe('where the user named the context, paths may leave it away', () => {
  const legacy = { functions, unprefixed: true } as const;

  test('in every context', () => {
    expect(parseValue('attributes["text"]', { context: 'span', ...legacy }).evaluate(scene())).toBe('hello');
    expect(parseValue('status.code', { context: 'span', ...legacy }).evaluate(scene())).toBe(2n);
    expect(parseValue('name', { context: 'spanevent', ...legacy }).evaluate(scene())).toBe('first');
    expect(parseValue('attributes["service.name"]', { context: 'resource', ...legacy }).evaluate(scene())).toBe('shop');
    expect(parseValue('cache["x"]', { context: 'span', ...legacy }).evaluate(scene())).toBe(null);
  });

  test('a prefix is still understood', () => {
    expect(parseValue('resource.attributes["service.name"]', { context: 'span', ...legacy }).evaluate(scene())).toBe('shop');
    expect(parseValue('span.name', { context: 'span', ...legacy }).evaluate(scene())).toBe('chat');
  });
});

test('gRPC metadata is there only for gRPC', () => {
  const evaluation = scene();
  evaluation.caller = { ...evaluation.caller, transport: 'http' };
  expect(read('otelcol.grpc.metadata["x-tenant"]', 'otelcol', evaluation)).toBe(null);
  expect(read('otelcol.client.metadata["x-tenant"]', 'otelcol', evaluation)).toBe('acme');
});
