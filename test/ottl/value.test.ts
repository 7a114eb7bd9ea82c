import { describe, expect, test } from 'vitest';
import { parseConditions, parseValue, print } from '../../src/ottl/ottl.ts';
import { Duration, Id, type OttlValue, RecordList, Time } from '../../src/ottl/value.ts';
import { mapOf, scene, span } from './scene.ts';

function evaluate(text: string): OttlValue {
  return parseValue(text, span).evaluate(scene());
}

describe('a value expression', () => {
  const cases: readonly (readonly [text: string, value: unknown])[] = [
    ['nil', null],
    ['"x"', 'x'],
    ['1', 1n],
    ['1.0', 1],
    ['true', true],
    ['0x0102', Buffer.from([1, 2])],
    ['SPAN_KIND_CLIENT', 3n],
    ['STATUS_CODE_ERROR', 2n],
    ['[]', []],
    ['[1, "a", nil, span.name]', [1n, 'a', null, 'chat']],
    ['{}', new Map()],
    ['{"__proto__": 1}', new Map([['__proto__', 1n]])],
    [
      '{"a": span.name, "b": [1]}',
      new Map<string, unknown>([
        ['a', 'chat'],
        ['b', [1n]],
      ]),
    ],
    ['Split("a,b", ",")', ['a', 'b']],
    ['Split("a,b", ",")[1]', 'b'],
    ['Split(span.attributes["text"], "l")[0]', 'he'],
    ['span.attributes["text"]', 'hello'],
    ['span.attributes["missing"]', null],
    ['span.attributes["missing"]["a"][0]', null],
    ['span.attributes["map"]["missing"]["x"]', null],
    ['span.attributes["map"]["a"]["b"]', 3n],
    ['span.attributes["list"][2]["b"]', 'deep'],
    ['span.attributes[span.attributes["missing_key"]]', new Error('cannot index a map with anything but a string')],
    ['span.attributes[Split("text", ",")[0]]', 'hello'],
    ['span.attributes["list"][1 + 1]["b"]', 'deep'],
    ['span.attributes["list"][3]', new Error('index 3 out of bounds: the list has 3 elements')],
    ['span.attributes["list"][-1]', new Error('index -1 out of bounds: the list has 3 elements')],
    ['span.attributes["text"]["a"]', new Error('cannot index string with string')],
    ['span.attributes["map"][0]', new Error('cannot index map with int')],
    ['span.attributes["list"]["a"]', new Error('cannot index list with string')],
    ['span.attributes["empty"]["a"]', new Error('cannot index nil with string')],
    ['Nil()', null],
    ['Apply("x", ToUpperCase)', 'X'],
    ['Apply(1, ToUpperCase)', new Error('expected string, got int')],
    ['MapEach([1, 2], (v) => v * 10)', [10n, 20n]],
    ['MapEach(["a"], (k, v) => [k, v])', [[0n, 'a']]],
    ['MapEach([1, 2], (a) => MapEach([10], (b) => a + b))', [[11n], [12n]]],
    ['MapEach([1, 2], (a) => a == 1)', [true, false]],
    ['MapEach([{"k": 1}], (a) => a["k"])', [1n]],
    ['MapEach([1], (a) => a["k"])', new Error('cannot index int with string')],
    ['Broken()', new Error('cannot evaluate the statement: internal error')],
    ['ToUpperCase(span.attributes["missing"])', new Error('expected string, got nil')],
    ['ToUpperCase(span.attributes["int"])', new Error('expected string, got int')],
    ['IsMatch("a", span.attributes["text"])', false],
    ['IsMatch("a", Split("[", ",")[0])', new Error('invalid regular expression: missing closing ]: "["')],
    ['otelcol.client.addr', '10.0.0.1'],
    ['otelcol.client.metadata["X-Tenant"]', 'acme'],
    ['otelcol.client.metadata["x-tenant"][0]', 'acme'],
    ['otelcol.client.metadata["x-tenant"][1]', new Error('index 1 out of bounds: the list has 1 elements')],
    ['otelcol.client.metadata["x-many"]', 'a,b'],
    ['otelcol.client.metadata["nothing"]', null],
    ['otelcol.client.metadata["nothing"][0]', null],
    ['otelcol.client.metadata', mapOf({ 'x-tenant': 'acme', 'x-many': 'a,b' })],
    ['otelcol.client.auth.attributes["subject"]', 'ada'],
    ['otelcol.client.auth.attributes["x"]', null],
    ['otelcol.grpc.metadata["x-tenant"]', 'acme'],
    ['request["X-Tenant"]', 'acme'],
  ];
  test.each(cases)('%s', (text, value) => {
    if (value instanceof Error) expect(() => evaluate(text)).toThrow(expect.objectContaining({ reason: value.message }));
    else expect(evaluate(text)).toEqual(value);
  });
});

describe('arithmetic', () => {
  const cases: readonly (readonly [text: string, value: unknown])[] = [
    ['1 + 2', 3n],
    ['1 - 2', -1n],
    ['2 + 3 * 4', 14n],
    ['(2 + 3) * 4', 20n],
    ['10 - 3 - 2', 5n],
    ['10 / 3', 3n],
    ['-10 / 3', -3n],
    ['7 / 2 * 2', 6n],
    ['2 * (3 + 4) / 7 - 1', 1n],
    ['9223372036854775807 + 1', -9223372036854775808n],
    ['-9223372036854775808 - 1', 9223372036854775807n],
    ['9223372036854775807 * 2', -2n],
    ['-9223372036854775808 / -1', -9223372036854775808n],
    ['-(-9223372036854775808)', -9223372036854775808n],
    ['1.5 + 1.5', 3],
    ['1.5 - 0.5', 1],
    ['1.5 * 2.0', 3],
    ['3.0 / 2.0', 1.5],
    ['4 / 2.0', 2],
    ['1 + 0.5', 1.5],
    ['0.5 + 1', 1.5],
    ['3.0 * 2', 6],
    ['1 / 0', new Error('division by zero')],
    ['1.0 / 0.0', new Error('division by zero')],
    ['1 / 0.0', new Error('division by zero')],
    ['span.attributes["int"] / 0', new Error('division by zero')],
    ['span.attributes["int"] + 1', 8n],
    ['span.attributes["int"] * span.attributes["float"]', 10.5],
    ['-span.attributes["int"]', -7n],
    ['+span.attributes["float"]', 1.5],
    ['-span.attributes["float"]', -1.5],
    ['-(1 + 2)', -3n],
    ['-span.attributes["text"]', new Error('cannot put a sign before string')],
    ['-span.attributes["missing"]', new Error('cannot put a sign before nil')],
    ['span.attributes["text"] + 1', new Error('cannot calculate string + int')],
    ['span.attributes["missing"] + 1', new Error('cannot calculate nil + int')],
    ['1 + span.attributes["yes"]', new Error('cannot calculate int + bool')],
    ['span.end_time - span.start_time', new Duration(2_500_000_000n)],
    ['span.end_time_unix_nano - span.start_time_unix_nano', 2_500_000_000n],
    ['LaterTime() - SomeTime()', new Duration(15n)],
    ['SomeTime() + SomeDuration()', new Time(15n)],
    ['SomeTime() - SomeDuration()', new Time(5n)],
    ['SomeDuration() + SomeTime()', new Time(15n)],
    ['SomeDuration() + LongDuration()', new Duration(13n)],
    ['SomeDuration() - LongDuration()', new Duration(-3n)],
    ['SomeDuration() - SomeTime()', new Error('cannot calculate duration - time')],
    ['SomeTime() + LaterTime()', new Error('cannot calculate time + time')],
    ['SomeDuration() * 2', new Error('cannot calculate duration * int')],
    ['SPAN_KIND_CLIENT + 1', 4n],
  ];
  test.each(cases)('%s', (text, value) => {
    if (value instanceof Error) expect(() => evaluate(text)).toThrow(value.message);
    else expect(evaluate(text)).toEqual(value);
  });
});

/** One value of each type, as an expression that is known at load and one that is not. */
const constants: Readonly<Record<string, string>> = {
  nil: 'nil',
  text: '"b"',
  bool: 'true',
  int: '2',
  float: '2.0',
  bytes: '0x02',
  time: 'SomeTime()',
  duration: 'SomeDuration()',
  id: 'SomeId()',
  list: '[1]',
  map: '{"a": 1}',
  records: 'span.events',
};
const operators = ['==', '!=', '<', '<=', '>', '>='] as const;

describe('each type compared with each type', () => {
  const ordered = new Set(['nil', 'text', 'bool', 'int', 'float', 'bytes', 'time', 'duration']);
  const equals = (left: string, right: string) => left === right || (['int', 'float'].includes(left) && ['int', 'float'].includes(right));
  const cells = Object.keys(constants).flatMap((left) => Object.keys(constants).map((right) => [left, right] as const));
  test.each(cells)('%s with %s', (left, right) => {
    for (const operator of operators) {
      // The events of a span have no equality of their own.
      const same = equals(left, right) && left !== 'records';
      const inOrder = same && ordered.has(left);
      const expected = operator === '==' ? same : operator === '!=' ? !same : (operator === '<=' || operator === '>=') && inOrder;
      const written = parseConditions([`${constants[left]} ${operator} ${constants[right]}`], span);
      expect([operator, written.test(scene())]).toEqual([operator, expected]);
      const dynamic = parseConditions([`Apply(${constants[left]}, Same) ${operator} Apply(${constants[right]}, Same)`], span);
      expect([operator, dynamic.test(scene())]).toEqual([operator, expected]);
    }
  });
});

describe('within a type, values have their order', () => {
  const pairs: readonly (readonly [less: string, more: string])[] = [
    ['"a"', '"b"'],
    ['"a"', '"aa"'],
    ['""', '"a"'],
    ['"Z"', '"a"'],
    ['"\uffff"', '"\u{1F600}"'],
    ['false', 'true'],
    ['-1', '0'],
    ['1', '9223372036854775807'],
    ['1', '1.5'],
    ['1.5', '2'],
    ['-0.5', '0.5'],
    ['0x01', '0x02'],
    ['0x01', '0x0100'],
    ['SomeTime()', 'LaterTime()'],
    ['SomeDuration()', 'LongDuration()'],
  ];
  test.each(pairs)('%s < %s', (less, more) => {
    const test = (text: string) => parseConditions([text], span).test(scene());
    expect(operators.map((operator) => test(`${less} ${operator} ${more}`))).toEqual([false, true, true, true, false, false]);
    expect(operators.map((operator) => test(`${more} ${operator} ${less}`))).toEqual([false, true, false, false, true, true]);
  });
});

describe('maps, lists and ids are equal by content', () => {
  const cases: readonly (readonly [text: string, expected: boolean])[] = [
    ['[1, "a"] == [1, "a"]', true],
    ['[1, 2] == [2, 1]', false],
    ['[1] == [1, 2]', false],
    ['[1] == [1.0]', false],
    ['[nil] == [nil]', true],
    ['{"a": [1]} == {"a": [1]}', true],
    ['{"a": 1, "b": 2} == {"b": 2, "a": 1}', true],
    ['{"a": 1} == {"b": 1}', false],
    ['{"a": nil} == {"b": nil}', false],
    ['{"a": 1} != {"a": 2}', true],
    ['SomeId() == span.span_id', true],
    ['OtherId() == span.span_id', false],
    ['SomeId() != OtherId()', true],
    ['span.span_id == 0x0102030405060708', false],
    ['span.attributes["list"] == ["a", 2, {"b": "deep"}]', true],
  ];
  test.each(cases)('%s', (text, expected) => {
    expect(parseConditions([text], span).test(scene())).toBe(expected);
  });
});

describe('conditions', () => {
  const cases: readonly (readonly [text: string, expected: boolean])[] = [
    ['true', true],
    ['false', false],
    ['not false', true],
    ['not true or true', true],
    ['not (true or true)', false],
    ['true or true and false', true],
    ['(true or true) and false', false],
    ['false and false or true', true],
    ['span.name == "chat"', true],
    ['span.name != "chat"', false],
    ['"chat" == span.name', true],
    ['span.name == nil', false],
    ['span.attributes["missing"] == nil', true],
    ['span.attributes["missing"] != nil', false],
    ['span.attributes["missing"] < 5', false],
    ['not (span.attributes["missing"] < 5)', true],
    ['span.attributes["int"] == 7', true],
    ['span.attributes["int"] == 7.0', true],
    ['span.attributes["yes"] == true', true],
    ['span.attributes["yes"]  != true', false],
    ['span.kind == SPAN_KIND_CLIENT and span.status.code == STATUS_CODE_ERROR', true],
    ['IsMatch(span.name, "^ch")', true],
    ['not IsMatch(span.name, "^ch")', false],
    ['IsMatch(span.name, "x") or span.name == "chat"', true],
    ['span.name == "x" and Broken()', false],
    ['span.name == "chat" or Broken()', true],
    ['(span.attributes["int"] + 1) * 2 == 16', true],
    ['span.end_time - span.start_time > SomeDuration()', true],
    ['All([1, 2], (v) => v > 0)', true],
    ['All([1, 2], (v) => v > 1 and v < 9)', false],
    ['IsRootSpan()', true],
  ];
  test.each(cases)('%s', (text, expected) => {
    expect(parseConditions([text], span).test(scene())).toBe(expected);
  });

  test('any of several is enough', () => {
    expect(parseConditions(['false', 'true'], span).test(scene())).toBe(true);
    expect(parseConditions([], span).test(scene())).toBe(false);
  });
});

test('events and links are opaque lists', () => {
  expect(evaluate('span.events')).toBeInstanceOf(RecordList);
  expect(evaluate('span.links')).toBeInstanceOf(RecordList);
  expect(evaluate('span.span_id')).toEqual(new Id('0102030405060708'));
});

test('print is part of the door', () => {
  expect(print({ kind: 'literal', value: 1n, place: { start: 0, end: 1 } })).toBe('1');
});
