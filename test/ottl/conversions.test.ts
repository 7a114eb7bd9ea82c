import { describe, expect, test } from 'vitest';
import { OttlError } from '../../src/ottl/fault.ts';
import { jsonText } from '../../src/ottl/json-text.ts';
import { boolLike, bytesLike, floatLike, intLike, stringLike } from '../../src/ottl/like.ts';
import { Duration, Id, type OttlValue, RecordList, Time } from '../../src/ottl/value.ts';
import { mapOf } from './scene.ts';

const raw = Uint8Array.of(1, 255);
const refused = Symbol('refused');

function attempt(convert: (value: OttlValue) => OttlValue, value: OttlValue): unknown {
  try {
    return convert(value);
  } catch (error) {
    expect(error).toBeInstanceOf(OttlError);
    return refused;
  }
}

describe('each value as text, int, float, bool', () => {
  const cases: readonly (readonly [value: OttlValue, text: unknown, int: unknown, float: unknown, bool: unknown])[] = [
    [null, null, null, null, null],
    ['', '', null, null, null],
    ['x', 'x', null, null, null],
    ['12', '12', 12n, 12, null],
    ['-12', '-12', -12n, -12, null],
    ['+12', '+12', 12n, 12, null],
    ['2.0', '2.0', null, 2, null],
    ['.5', '.5', null, 0.5, null],
    ['5.', '5.', null, 5, null],
    ['1e3', '1e3', null, 1000, null],
    ['1e999', '1e999', null, null, null],
    ['inf', 'inf', null, Number.POSITIVE_INFINITY, null],
    ['-Infinity', '-Infinity', null, Number.NEGATIVE_INFINITY, null],
    ['NaN', 'NaN', null, Number.NaN, null],
    [' 1', ' 1', null, null, null],
    ['0x10', '0x10', null, null, null],
    ['9223372036854775807', '9223372036854775807', 9223372036854775807n, 2 ** 63, null],
    ['9223372036854775808', '9223372036854775808', null, 2 ** 63, null],
    ['1', '1', 1n, 1, true],
    ['0', '0', 0n, 0, false],
    ['t', 't', null, null, true],
    ['TRUE', 'TRUE', null, null, true],
    ['False', 'False', null, null, false],
    ['yes', 'yes', null, null, null],
    [true, 'true', 1n, 1, true],
    [false, 'false', 0n, 0, false],
    [7n, '7', 7n, 7, true],
    [0n, '0', 0n, 0, false],
    [2.9, '2.9', 2n, 2.9, true],
    [-2.9, '-2.9', -2n, -2.9, true],
    [1, '1', 1n, 1, true],
    [1e21, '1e+21', null, 1e21, true],
    [1e-7, '1e-7', 0n, 1e-7, true],
    [raw, '01ff', refused, refused, refused],
    [new Id('0102030405060708'), '0102030405060708', refused, refused, refused],
    [[1n, 'a'], '[1,"a"]', refused, refused, refused],
    [mapOf({ b: 1n, a: null }), '{"a":null,"b":1}', refused, refused, refused],
    [new Time(5n), '5', refused, refused, refused],
    [new Duration(5n), '5', refused, refused, refused],
    [new RecordList('events', []), refused, refused, refused, refused],
  ];
  test.each(cases)('%s', (value, text, int, float, bool) => {
    expect([stringLike, intLike, floatLike, boolLike].map((convert) => attempt(convert, value))).toEqual([text, int, float, bool]);
  });
});

test('each value as bytes', () => {
  expect(bytesLike(null)).toBe(null);
  expect(bytesLike('é')).toEqual(Buffer.from('é'));
  expect(bytesLike(raw)).toBe(raw);
  expect(bytesLike(258n)).toEqual(Uint8Array.of(0, 0, 0, 0, 0, 0, 1, 2));
  expect(bytesLike(1)).toEqual(Uint8Array.of(0x3f, 0xf0, 0, 0, 0, 0, 0, 0));
  expect(bytesLike(true)).toEqual(Uint8Array.of(1));
  expect(bytesLike(new Id('0102'))).toEqual(Buffer.from([1, 2]));
  expect(() => bytesLike([])).toThrow('cannot convert list to bytes: unsupported type');
});

describe('JSON', () => {
  const cases: readonly (readonly [value: OttlValue, text: string])[] = [
    ['a"b', String.raw`"a\"b"`],
    [9007199254740993n, '9007199254740993'],
    [1.5, '1.5'],
    [raw, '"Af8="'],
    [new Id('0102'), '"0102"'],
    [mapOf({ __proto__x: 1n, b: [true, mapOf({})] }), '{"__proto__x":1,"b":[true,{}]}'],
    [new Map([['__proto__', 1n]]), '{"__proto__":1}'],
  ];
  test.each(cases)('%s', (value, text) => {
    expect(jsonText(value)).toBe(text);
  });

  test('a number that is not finite and a bottomless value have none', () => {
    expect(() => jsonText(Number.NaN)).toThrow(OttlError);
    let deep: OttlValue = [];
    for (let level = 0; level < 200; level++) deep = [deep];
    expect(() => jsonText(deep)).toThrow('nested too deeply');
  });
});
