import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { OttlError } from '../../src/ottl/fault.ts';
import { parseExpression, parseStatement } from '../../src/ottl/syntax/parse.ts';
import { print } from '../../src/ottl/syntax/print.ts';
import type { Expression, Statement } from '../../src/ottl/syntax/tree.ts';
import { expression, statement, withoutPlaces } from './trees.ts';

describe('an expression is printed in its plainest form', () => {
  const cases: readonly (readonly [text: string, printed: string])[] = [
    ['1', '1'],
    ['-1', '-1'],
    ['+1', '1'],
    ['- 1', '-1'],
    ['-9223372036854775808', '-9223372036854775808'],
    ['1.', '1.0'],
    ['.5', '0.5'],
    ['-.5', '-0.5'],
    ['-0.0', '-0.0'],
    ['1.5e3', '1500.0'],
    ['1.e21', '1.0e+21'],
    ['0x0aFF', '0x0aff'],
    ['nil', 'nil'],
    ['true', 'true'],
    [String.raw`"a\"\\\n\t\x41\101é\U0001F600"`, String.raw`"a\"\\\n\tAAé😀"`],
    [String.raw`"\xc3\xa9"`, '"é"'],
    ['a', 'a'],
    ['span.attributes["a"]["b"][0]', 'span.attributes["a"]["b"][0]'],
    ['span . name', 'span.name'],
    ['SPAN_KIND_SERVER', 'SPAN_KIND_SERVER'],
    ['IsMatch( a , "x" )', 'IsMatch(a, "x")'],
    ['Split(a, ",")[0]', 'Split(a, ",")[0]'],
    ['f["where"]', 'f["where"]'],
    ['[]', '[]'],
    ['[1,2.0,"x"]', '[1, 2.0, "x"]'],
    ['{}', '{}'],
    ['{"a":1,"b":[{"c":nil}]}', '{"a": 1, "b": [{"c": nil}]}'],
    ['a+b*c', 'a + b * c'],
    ['(a+b)*c', '(a + b) * c'],
    ['a-(b-c)', 'a - (b - c)'],
    ['a-b-c', 'a - b - c'],
    ['a -1', 'a - 1'],
    ['a--1', 'a - -1'],
    ['-a', '-a'],
    ['-(a+b)', '-(a + b)'],
    ['+Int(a)', '+Int(a)'],
    ['-(1)', '-1'],
    ['a==1', 'a == 1'],
    ['a == 1 and b == 2 or c == 3', 'a == 1 and b == 2 or c == 3'],
    ['a == 1 and (b == 2 or c == 3)', 'a == 1 and (b == 2 or c == 3)'],
    ['(a == 1 and b == 2) or c == 3', 'a == 1 and b == 2 or c == 3'],
    ['a == 1 or (b == 2 or c == 3)', 'a == 1 or (b == 2 or c == 3)'],
    ['not a == 1', 'not a == 1'],
    ['not (a == 1)', 'not a == 1'],
    ['not (a == 1 or true)', 'not (a == 1 or true)'],
    ['not (not true)', 'not (not true)'],
    ['((a)) == ((1))', 'a == 1'],
    ['F(a, x=1, yZ="q", G=H)', 'F(a, x=1, yZ="q", G=H)'],
    ['F((k, v) => v == 1)', 'F((k, v) => v == 1)'],
    ['F(() => 1)', 'F(() => 1)'],
    ['F((a) => G((b) => a + b))', 'F((a) => G((b) => a + b))'],
    ['F((a))', 'F(a)'],
    ['a<=1', 'a <= 1'],
    ['nilly == nothing', 'nilly == nothing'],
    ['order == android', 'order == android'],
  ];
  test.each(cases)('%s', (text, printed) => {
    const tree = parseExpression(text);
    expect(print(tree)).toBe(printed);
    expect(withoutPlaces(parseExpression(printed))).toEqual(withoutPlaces(tree));
  });
});

describe('a statement is printed in its plainest form', () => {
  const cases: readonly (readonly [text: string, printed: string])[] = [
    ['set(a,1)', 'set(a, 1)'],
    ['route()', 'route()'],
    ['set(a, 1) where b == 2', 'set(a, 1) where b == 2'],
    ['\n  set(a,\n 1)\n  where true ', 'set(a, 1) where true'],
  ];
  test.each(cases)('%j', (text, printed) => {
    expect(print(parseStatement(text))).toBe(printed);
  });
});

describe('a text that is no statement is refused at its place', () => {
  const cases: readonly (readonly [text: string, start: number, reason: string])[] = [
    ['', 0, 'expected an editor, such as set(…), found the end'],
    ['set', 0, 'expected an editor, such as set(…), found "set"'],
    ['Set(a, 1)', 0, '"Set" cannot start a statement'],
    ['set(a, 1', 8, 'expected ",", found the end'],
    ['set(a 1)', 6, 'expected ",", found "1"'],
    ['set(, 1)', 4, 'expected a value, found ","'],
    ['set(a, 1) where', 15, 'expected a value, found the end'],
    ['set(a, 1) when true', 10, 'expected "where" or the end, found "when"'],
    ['set(a, 1) where true true', 21, 'expected "and", "or" or the end, found "true"'],
    ['set(a, 1)[0]', 9, 'expected "where" or the end, found "["'],
    ['set(x=1, 2)', 9, 'positional argument after a named one'],
    ['set(a, delete_key(b))', 7, 'editor "delete_key" cannot be used as a value'],
    ['set(a, "x)', 7, 'string without a closing quote'],
    ["set(a, 'x')", 7, 'unexpected character "\'"'],
    ['set(a, "\\d")', 8, 'invalid escape in string'],
    ['set(a, "x\ny")', 9, 'line break in string'],
    ['set(a, "\\xff")', 8, 'invalid escape in string'],
    ['set(a, "\\ud800")', 8, 'invalid escape in string'],
    ['set(a, 0x123)', 7, 'bytes need an even number of hex digits'],
    ['set(a, 9223372036854775808)', 7, 'integer out of range: int64 ends at ±9223372036854775807'],
    ['set(a, 1e5)', 8, 'expected ",", found "e5"'],
    ['set(fooBar, 1)', 4, 'invalid path name "fooBar"'],
    ['set(a.Bc, 1)', 6, 'invalid path name "Bc"'],
    ['set(a["x"].b, 1)', 10, 'expected an operator or the end, found "."'],
    ['set(a, "x"[0])', 10, 'expected an operator or the end, found "["'],
    ['set(a, ABC[0])', 10, 'expected an operator or the end, found "["'],
    ['set(a, - -1)', 9, 'expected a number, path, converter or "(", found "-"'],
    ['set(a, {b: 1})', 8, 'expected a key in double quotes, found "b"'],
    ['set(a, 1) where a = 1', 18, 'expected a comparison, found "="'],
    ['set(a, 1) where a == 1 == 2', 23, 'expected "and", "or" or the end, found "=="'],
    ['set(a, 1) where not not true', 20, 'expected a value, found "not"'],
    ['set(a, 1) where and true', 16, 'expected a value, found "and"'],
    ['set(a, F((A) => 1))', 10, 'invalid lambda name "A"'],
    ['set(a, F((b, b) => 1))', 13, 'lambda name "b" stands twice'],
    ['set(a, 1) # note', 10, 'unexpected character "#"'],
    ['set(a, 😀)', 7, 'unexpected character "😀"'],
  ];
  test.each(cases)('%j', (text, start, reason) => {
    expect(() => parseStatement(text)).toThrow(expect.objectContaining({ reason, place: expect.objectContaining({ start }) }));
  });

  test('nesting has a limit', () => {
    expect(() => parseExpression(`${'('.repeat(5_000)}1${')'.repeat(5_000)}`)).toThrow('nested deeper than 64 levels');
    expect(() => parseExpression('['.repeat(5_000))).toThrow('nested deeper than 64 levels');
  });

  test('a text has a longest length', () => {
    expect(() => parseExpression(`"${'x'.repeat(70_000)}"`)).toThrow('longer than 65536 characters');
  });
});

test('what is printed parses to the same expression', () => {
  fc.assert(
    fc.property(expression, (tree) => {
      expect(withoutPlaces(parseExpression(print(tree as Expression)))).toEqual(withoutPlaces(tree));
    }),
    { numRuns: 2_000 },
  );
});

test('what is printed parses to the same statement', () => {
  fc.assert(
    fc.property(statement, (tree) => {
      expect(withoutPlaces(parseStatement(print(tree as Statement)))).toEqual(withoutPlaces(tree));
    }),
    { numRuns: 1_000 },
  );
});

test('no text makes the parser throw anything but an OttlError', () => {
  const piece = fc.constantFrom(
    'set',
    '(',
    ')',
    'a',
    '.',
    '[',
    ']',
    '"x"',
    '1',
    '2.5',
    '-',
    '==',
    'and',
    'not',
    'where',
    'IsMatch',
    ',',
    '{',
    '}',
    ':',
    '=>',
    '=',
    '0x00',
    'nil',
    '"',
    '\\',
    ' ',
    '\n',
    '$',
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
      for (const parse of [parseStatement, parseExpression]) {
        try {
          parse(pieces.join(''));
        } catch (error) {
          expect(error).toBeInstanceOf(OttlError);
        }
      }
    }),
    { numRuns: 5_000 },
  );
});
