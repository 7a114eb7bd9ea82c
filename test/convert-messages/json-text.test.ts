import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Json, RawJson } from '../../src/exporters/langsmith/convert/json.ts';
import { isCutOff, jsonOf, jsonOfValue } from '../../src/exporters/langsmith/convert/json-text.ts';
import { isJson } from '../../src/exporters/langsmith/convert/json-valid.ts';
import { jsonText } from '../../src/exporters/langsmith/convert/json-writer.ts';
import { bytes } from '../../src/model/bytes.ts';
import { TextRange, type Value } from '../../src/model/value.ts';

const range = (text: string): TextRange => {
  const source = bytes.from(`,${text},`);
  return new TextRange(source, 1, source.length - 1);
};

describe('reading texts that may hold JSON', () => {
  it.each([
    ['{"a":1}', { a: 1 }],
    ['  [1, "x"] ', [1, 'x']],
    ['"plain"', 'plain'],
    ['"{\\"a\\":1}"', { a: 1 }],
    ['"{not json"', '{not json'],
  ])('reads %s', (text, expected) => {
    expect(jsonOf(text)).toEqual(expected);
    expect(jsonOf(range(text))).toEqual(expected);
  });

  it.each(['hello', '', '12', 'true', '{"a":', '{a:1}', "{'a': 1}"])('says that %j is no JSON object, array or string', (text) => {
    expect(jsonOf(text)).toBeUndefined();
    expect(jsonOf(range(text))).toBeUndefined();
  });

  it('tells a text that was cut off from one that is no JSON', () => {
    expect(isCutOff(' {"a": "b…')).toBe(true);
    expect(isCutOff(range('[1, 2'))).toBe(true);
    expect(isCutOff('hello')).toBe(false);
  });

  it.each([
    ["{'a': None, 'b': [True, False], 'c': 'it\\'s', \"d\": \"e'f\"}", { a: null, b: [true, false], c: "it's", d: "e'f" }],
    ["{'x': '\\x41\\u00e9\\n'}", { x: 'Aé\n' }],
    ['{"already": null}', { already: null }],
  ])('rescues Python’s repr %s where it is allowed', (text, expected) => {
    expect(jsonOf(text, { pythonRepr: true })).toEqual(expected);
  });

  it('does not rescue what holds anything but plain values', () => {
    expect(jsonOf("{'a': <object>}", { pythonRepr: true })).toBeUndefined();
    expect(jsonOf("{'a': foo()}", { pythonRepr: true })).toBeUndefined();
  });

  it('keeps integers that a double cannot hold', () => {
    expect(jsonOf('{"id":9007199254740993,"n":1,"f":0.5}')).toEqual(
      Object.assign(Object.create(null), { id: new RawJson('9007199254740993'), n: 1, f: 0.5 }),
    );
    expect(jsonOf('[123456789012345678901234567890]')).toEqual(['123456789012345678901234567890']);
    expect(jsonText(jsonOf('{"id":-9223372036854775808,"s":"\\"1234567890123456789\\\\"}')!)).toBe(
      '{"id":-9223372036854775808,"s":"\\"1234567890123456789\\\\"}',
    );
  });

  it('parses long integers exactly as JSON.parse parses everything else', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.boolean(), (value, pretty) => {
        const clean = JSON.parse(JSON.stringify(value), (_, inner) => plain(inner)) as Json;
        const text = JSON.stringify([clean, 1], null, pretty ? 2 : 0).replace(/1\s*\]$/, '9007199254740993]');
        const [read, id] = jsonOf(text) as [Json, RawJson];
        expect(JSON.parse(jsonText(read))).toEqual(clean);
        expect(id.text).toBe('9007199254740993');
      }),
    );
  });

  it('takes JSON nested too deep for a text', () => {
    expect(jsonOf('['.repeat(200) + ']'.repeat(200))).toBeUndefined();
    expect(jsonOf('['.repeat(100_000) + ']'.repeat(100_000))).toBeUndefined();
    expect(jsonOf(`${'['.repeat(200)}9007199254740993${']'.repeat(200)}`)).toBeUndefined();
  });
});

describe('attribute values as JSON', () => {
  it.each<[Value, unknown]>([
    [5n, 5],
    [9007199254740993n, '9007199254740993'],
    [Number.NaN, 'NaN'],
    [new Map<string, Value>([['a', [1n, null]]]), { a: [1, null] }],
    [bytes.from('text'), 'text'],
    [Uint8Array.of(0xff, 0x00), { $bytes: '/wA=' }],
    [bytes.from('a\ufffdb'), 'a\ufffdb'],
  ])('turns %s into %j', (value, expected) => {
    expect(JSON.parse(jsonText(jsonOfValue(value)))).toEqual(expected);
  });

  it('keeps __proto__ as an ordinary key', () => {
    expect(jsonText(jsonOfValue(new Map([['__proto__', 'x']])))).toBe('{"__proto__":"x"}');
  });
});

describe('the validator for JSON that is spliced', () => {
  it('agrees with JSON.parse on anything that could be JSON', () => {
    const text = fc.oneof(
      fc.json(),
      fc
        .tuple(fc.json(), fc.nat(), fc.string({ maxLength: 2 }))
        .map(([json, at, more]) => json.slice(0, at % (json.length + 1)) + more + json.slice(at % (json.length + 1))),
      fc.string({ unit: fc.constantFrom(...'{}[]",:0123456789.eE+-truefalsn\\/u \n') }),
    );
    fc.assert(
      fc.property(text, (json) => {
        const valid = isJson(range(json));
        if (valid) expect(() => JSON.parse(json)).not.toThrow();
        else if (isParsable(json)) expect(json).toMatch(/\\u|\d{19}|[eE][+-]?\d{3}/);
      }),
      { numRuns: 2000 },
    );
  });

  it.each([
    '"\\u0000"',
    '"\\ud800"',
    '"\\ud800\\u0041"',
    '"\\udc00"',
    '12345678901234567890',
    '1e999',
    '[1,]',
    '{"a":1,}',
    '01',
    '"a\nb"',
    '',
    '1 2',
  ])('refuses %s', (json) => {
    expect(isJson(range(json))).toBe(false);
  });

  it.each(['"\\ud83d\\ude00"', '{"a":[1,{"b":-0.5e+10}],"c":{}}', ' [ ] ', 'null', '"é"'])('accepts %s', (json) => {
    expect(isJson(range(json))).toBe(true);
  });

  it('refuses what is nested too deep', () => {
    expect(isJson(range('['.repeat(129) + ']'.repeat(129)))).toBe(false);
    expect(isJson(range('['.repeat(128) + ']'.repeat(128)))).toBe(true);
  });
});

/** Without what is changed on purpose: characters that are not Unicode, NUL, integers that are not safe. */
function plain(value: unknown): unknown {
  if (typeof value === 'string') return bytes.from(value).utf8Slice().replaceAll('\0', '\ufffd');
  return typeof value === 'number' && Math.abs(value) > Number.MAX_SAFE_INTEGER ? 0 : value;
}

function isParsable(json: string): boolean {
  try {
    JSON.parse(json);
    return true;
  } catch {
    return false;
  }
}
