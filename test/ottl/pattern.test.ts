import { describe, expect, test } from 'vitest';
import { LazyDfa } from '../../src/ottl/pattern/lazy-dfa.ts';
import { Machine } from '../../src/ottl/pattern/machine.ts';
import { nativePattern } from '../../src/ottl/pattern/native.ts';
import { parse } from '../../src/ottl/pattern/parse.ts';
import { compilePattern } from '../../src/ottl/pattern/pattern.ts';
import { compileProgram } from '../../src/ottl/pattern/program.ts';

const raw = String.raw;

describe('it finds what RE2 finds', () => {
  const cases: readonly (readonly [pattern: string, text: string, groups: readonly (string | undefined)[] | undefined])[] = [
    ['', 'abc', ['']],
    ['a', 'xay', ['a']],
    ['a|ab', 'ab', ['a']],
    ['ab|a', 'ab', ['ab']],
    ['a*', 'baa', ['']],
    ['a+?', 'aaa', ['a']],
    ['(?U)a+', 'aaa', ['a']],
    ['(?U)a+?', 'aaa', ['aaa']],
    ['(a)|b', 'b', ['b', undefined]],
    ['(?:(a)|b)*', 'ab', ['ab', 'a']],
    ['(a*)+', 'b', ['', '']],
    ['(a*)*', 'b', ['', '']],
    ['(a|b)*', 'ab', ['ab', 'b']],
    ['(?P<year>[0-9]{4})-(?P<month>[0-9]{2})', 'on 2026-01', ['2026-01', '2026', '01']],
    ['(?<n>x)', 'x', ['x', 'x']],
    ['^b', 'a\nb', undefined],
    ['(?m)^b', 'a\nb', ['b']],
    ['a$', 'a\n', undefined],
    ['(?m)a$', 'a\n', ['a']],
    ['a.b', 'a\nb', undefined],
    ['(?s)a.b', 'a\nb', ['a\nb']],
    ['(?i)straße', 'STRAßE', ['STRAßE']],
    ['(?i)k', '\u212a', ['\u212a']],
    ['(?i)[^k]', 'K', undefined],
    ['(?i)a(?-i)b', 'Ab', ['Ab']],
    ['(?i)a(?-i)b', 'AB', undefined],
    ['(?i:a)b', 'Ab', ['Ab']],
    ['((?i)a)b', 'AB', undefined],
    ['a(?i)b|c', 'C', ['C']],
    [raw`\d+`, '٣4', ['4']],
    [raw`\w+`, 'éa', ['a']],
    [raw`\s`, '\v', undefined],
    [raw`\bfoo\b`, 'a foo.', ['foo']],
    [raw`\Bo`, 'o oo', ['o']],
    [raw`\pL+`, '1éß2', ['éß']],
    [raw`\PL`, 'a1', ['1']],
    [raw`\p{Greek}+`, 'aαβ', ['αβ']],
    [raw`\p{^Greek}`, 'αb', ['b']],
    [raw`\p{Lu}`, 'aB', ['B']],
    ['[[:alpha:]]+', '1ab', ['ab']],
    ['[[:^alpha:]]', 'a1', ['1']],
    ['[[:word:]-]+', 'a-b_1', ['a-b_1']],
    ['[]a]+', ']a', [']a']],
    ['[^]]', ']x', ['x']],
    ['[a-]+', 'a-', ['a-']],
    ['[-a]+', 'a-', ['a-']],
    [raw`[\d_]+`, 'a1_', ['1_']],
    [raw`[\]]`, ']', [']']],
    [raw`\Qa.b\E+`, 'a.bb', ['a.bb']],
    [raw`\Qa.b`, 'a.b', ['a.b']],
    [raw`\x41\x{1F600}\101\07`, 'A\u{1F600}A\x07', ['A\u{1F600}A\x07']],
    [raw`\t\n\r\f\v\a`, '\t\n\r\f\v\x07', ['\t\n\r\f\v\x07']],
    [raw`\.\*\_\-`, '.*_-', ['.*_-']],
    ['a{2}', 'aaa', ['aa']],
    ['a{2,}', 'aaa', ['aaa']],
    ['a{1,2}', 'aaa', ['aa']],
    ['a{0}', 'a', ['']],
    ['a{,2}', 'a{,2}', ['a{,2}']],
    ['a{', 'a{', ['a{']],
    ['{', '{', ['{']],
    ['x{a}', 'x{a}', ['x{a}']],
    ['.', '\u{1F600}', ['\u{1F600}']],
    ['^.$', '\u{1F600}', ['\u{1F600}']],
    [raw`\Aa\z`, 'a', ['a']],
    ['()', 'a', ['', '']],
    ['a||b', 'b', ['']],
    ['(?i)', 'a', ['']],
    ['^*', 'a', ['']],
    [raw`[a-z0-9._%+-]+@[a-z0-9.-]+\.[a-z]{2,}`, 'to ada@example.org now', ['ada@example.org']],
  ];
  test.each(cases)('%j on %j', (pattern, text, groups) => {
    const found = compilePattern(pattern).exec(text);
    expect(found?.groups).toEqual(groups);
    expect(compilePattern(pattern).test(text)).toBe(groups !== undefined);
  });
});

describe('it refuses what RE2 refuses', () => {
  const cases: readonly (readonly [pattern: string, message: string])[] = [
    ['(', 'missing closing ): "("'],
    [')', 'unexpected ): ")"'],
    ['a)b', 'unexpected ): "a)"'],
    ['[a', 'missing closing ]: "[a"'],
    ['[z-a]', 'invalid character class range: "z-a"'],
    ['[a-b-c]', 'invalid character class range: "-c"'],
    ['*', 'missing argument to repetition operator: "*"'],
    ['a|*', 'missing argument to repetition operator: "*"'],
    ['(?i)*', 'missing argument to repetition operator: "*"'],
    ['{2}', 'missing argument to repetition operator: "{2}"'],
    ['a**', 'invalid nested repetition operator: "**"'],
    ['a+{2}', 'invalid nested repetition operator: "+{2}"'],
    ['a{1001}', 'invalid repeat count: "{1001}"'],
    ['a{2,1}', 'invalid repeat count: "{2,1}"'],
    [raw`(a)\1`, String.raw`invalid escape sequence: "\\1"`],
    [raw`\8`, String.raw`invalid escape sequence: "\\8"`],
    [raw`\Z`, String.raw`invalid escape sequence: "\\Z"`],
    [raw`\C`, String.raw`invalid escape sequence: "\\C"`],
    [raw`\x4`, String.raw`invalid escape sequence: "\\x4"`],
    [raw`\x{110000}`, String.raw`invalid escape sequence: "\\x{110000}"`],
    ['\\', String.raw`trailing backslash at end of expression: "\\"`],
    [raw`\pX`, String.raw`invalid character class range: "\\pX"`],
    [raw`\p{Klingon}`, String.raw`invalid character class range: "\\p{Klingon}"`],
    ['[[:foo:]]', 'invalid character class range: "[:foo:]"'],
    ['(?=a)', 'invalid or unsupported Perl syntax: "(?="'],
    ['(?!a)', 'invalid or unsupported Perl syntax: "(?!"'],
    ['(?<=a)', 'invalid or unsupported Perl syntax: "(?<"'],
    ['(?<!a)', 'invalid or unsupported Perl syntax: "(?<"'],
    ['(?>a)', 'invalid or unsupported Perl syntax: "(?>"'],
    ['(?i', 'invalid or unsupported Perl syntax: "(?i"'],
    ['(?i-)', 'invalid or unsupported Perl syntax: "(?i-)"'],
    ['(?P<n>a)(?P<n>b)', 'duplicate capture group name: "n"'],
    ['(?P<n', 'invalid named capture: "(?P<n"'],
    ['(?P<>a)', 'invalid named capture: "(?P<"'],
    ['((a{1000}){1000}){1000}', 'expression too large'],
    ['(?:)'.repeat(5_000), 'expression longer than 16384 characters'],
    ['('.repeat(300) + ')'.repeat(300), 'expression nests deeper than 250 levels'],
    ['()'.repeat(300), 'more than 256 groups'],
  ];
  test.each(cases)('%j', (pattern, message) => {
    expect(() => compilePattern(pattern)).toThrow(expect.objectContaining({ name: 'PatternError', message }));
  });
});

describe('hostile text costs no more than its length', () => {
  const patterns = [
    '(a*)*b',
    '(a|a)*b',
    '(a+)+$',
    '(.*)(.*)(.*)x',
    `${'a?'.repeat(30)}${'a'.repeat(30)}b`,
    raw`\w+@\w+\.\w+`,
    '(?:a|ab|abc)*d',
    '.*a.{12}b',
  ];
  test.each(patterns)('%s', (pattern) => {
    const { root, groupNames } = parse(pattern);
    expect(nativePattern(root)).toBeUndefined();
    const program = compileProgram(root, groupNames.length - 1);
    const machine = new Machine(program);
    const dfa = new LazyDfa(program);
    const text = 'a'.repeat(20_000);
    machine.exec(text, 0);
    dfa.find(text, 0);
    // Every instruction is looked at twice per character at most: once when a thread reaches it, once when it reads.
    expect(machine.steps).toBeLessThanOrEqual(2 * program.op.length * (text.length + 1));
    expect(dfa.steps).toBeLessThanOrEqual(program.op.length * (text.length + 1));
  });

  test('an automaton that needs ever new states forgets old ones', () => {
    const { root } = parse('a.{14}b');
    const dfa = new LazyDfa(compileProgram(root, 0));
    let seed = 1;
    const text = Array.from({ length: 20_000 }, () => ((seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648) & 65_536 ? 'a' : 'c')).join(
      '',
    );
    expect(dfa.find(text, 0)).toBe(-1);
    expect(dfa.find(`${text}a${'c'.repeat(14)}b`, 0)).toBeGreaterThanOrEqual(0);
  });
});

describe('the runtime only gets what it finishes in linear time', () => {
  test.each(['abc', '^gen_ai', 'a|b|c', 'sk-[a-z0-9]{20,}', '[0-9]{3}-[0-9]{4}', '^a.*b', 'x+', '(?i)secret', 'a{2,5}b'])(
    '%s goes there',
    (pattern) => {
      expect(nativePattern(parse(pattern).root)).toBeInstanceOf(RegExp);
    },
  );
  test.each(['a*b', 'a+b', '^a*b*', '(a+)+', '(?:a|b)+', 'a{0,40}a{0,40}b', 'a*', '', raw`\b`, '(?:(a)|b){2}', '^(?:.*,){11}P'])(
    '%s does not',
    (pattern) => {
      expect(nativePattern(parse(pattern).root)).toBeUndefined();
    },
  );
});

describe('replacing', () => {
  const cases: readonly (readonly [pattern: string, text: string, result: string])[] = [
    ['a', 'banana', 'b<a>n<a>n<a>'],
    ['', 'ab', '<>a<>b<>'],
    ['a*', 'baac', '<>b<aa>c<>'],
    ['x', 'abc', 'abc'],
    ['^', 'ab', '<>ab'],
    ['$', 'ab', 'ab<>'],
    ['b*', '\u{1F600}b', '<>\u{1F600}<b>'],
    [raw`\b`, 'ab cd', '<>ab<> <>cd<>'],
  ];
  test.each(cases)('%j in %j', (pattern, text, result) => {
    expect(compilePattern(pattern).replaceAll(text, ({ groups }) => `<${groups[0]}>`)).toBe(result);
  });
});

test('groups are named in order', () => {
  expect(compilePattern('(?P<a>x)(y)(?<b>z)').groupNames).toEqual(['', 'a', '', 'b']);
});
