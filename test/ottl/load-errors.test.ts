import { describe, expect, test } from 'vitest';
import { type CompileOptions, type Problem, parseConditions, parseStatements, parseValue, StatementError } from '../../src/ottl/ottl.ts';
import { functions, scene, span } from './scene.ts';

function refusal(build: () => unknown): StatementError {
  try {
    build();
  } catch (error) {
    if (error instanceof StatementError) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}

describe('a bad statement is shown with its place and what was probably meant', () => {
  const cases: readonly (readonly [statement: string, text: string])[] = [
    [
      'set(span.attributes["a"], 1) where IsMach(span.name, "a")',
      `1:36: undefined function "IsMach"
  set(span.attributes["a"], 1) where IsMach(span.name, "a")
                                     ^^^^^^
  did you mean "IsMatch"?`,
    ],
    [
      'sett(span.name, "x")',
      `1:1: undefined function "sett"
  sett(span.name, "x")
  ^^^^
  did you mean "set"?`,
    ],
    [
      'set(span.name,\n    Split(span.name))',
      `2:5: incorrect number of arguments. Expected: 2 Received: 1
      Split(span.name))
      ^^^^^^^^^^^^^^^^
  it is Split(target, delimiter)`,
    ],
    [
      'set(span.nam, "x")',
      `1:5: context span has no path "nam"
  set(span.nam, "x")
      ^^^^^^^^
  did you mean "name"?`,
    ],
    [
      'set(attributes["x"], 1)',
      `1:5: path "attributes" does not start with a context
  set(attributes["x"], 1)
      ^^^^^^^^^^^^^^^
  did you mean "span.attributes"?`,
    ],
    [
      'set(spanevent.name, "x")',
      `1:5: context span does not see "spanevent"
  set(spanevent.name, "x")
      ^^^^^^^^^^^^^^
  it sees span, scope, resource, otelcol`,
    ],
    [
      'set(span.attributes.text, 1)',
      `1:5: context span has no path "attributes.text"
  set(span.attributes.text, 1)
      ^^^^^^^^^^^^^^^^^^^^
  keys of attributes stand in brackets: attributes["text"]`,
    ],
    [
      'set(span.kind, SPAN_KIND_SEVER)',
      `1:16: unknown enum symbol "SPAN_KIND_SEVER"
  set(span.kind, SPAN_KIND_SEVER)
                 ^^^^^^^^^^^^^^^
  did you mean "SPAN_KIND_SERVER"?`,
    ],
    [
      "set(span.name, 'x')",
      `1:16: unexpected character "'"
  set(span.name, 'x')
                 ^
  strings stand in double quotes`,
    ],
    [
      String.raw`set(span.name, "\d")`,
      String.raw`1:17: invalid escape in string
  set(span.name, "\d")
                  ^^
  for a backslash write two: "\\d"`,
    ],
    [
      'set(span.name, "x") where IsMatch(span.name, "(a")',
      `1:46: invalid regular expression: missing closing ): "(a"
  set(span.name, "x") where IsMatch(span.name, "(a")
                                               ^^^^`,
    ],
    [
      'set(span.name, ToUpperCase(1))',
      `1:28: expected string, got int
  set(span.name, ToUpperCase(1))
                             ^`,
    ],
    [
      'set(span.name, ParseXML("x"))',
      `1:16: function "ParseXML" is not supported here
  set(span.name, ParseXML("x"))
                 ^^^^^^^^
  use ParseJSON`,
    ],
    [
      'set(span.name, "x") where span.attributes["yes"]',
      `1:27: a value alone is no condition
  set(span.name, "x") where span.attributes["yes"]
                            ^^^^^^^^^^^^^^^^^^^^^^
  compare it with a value, e.g. == true`,
    ],
    [
      'set(resource.cache["x"], 1)',
      `1:5: context span cannot use the cache of resource
  set(resource.cache["x"], 1)
      ^^^^^^^^^^^^^^^^^^^
  use span.cache`,
    ],
  ];
  test.each(cases)('%j', (statement, text) => {
    expect(refusal(() => parseStatements([statement], span)).problems.map((problem) => problem.text)).toEqual([text]);
  });
});

describe('what a statement names and passes is checked at load', () => {
  const cases: readonly (readonly [statement: string, column: number, reason: string])[] = [
    ['set(1, 2)', 5, 'expected a path'],
    ['set("a", 2)', 5, 'expected a path'],
    ['set(otelcol.client.addr, "x")', 5, 'path "otelcol.client.addr" is read-only'],
    ['set(otelcol.client.metadata["x"], "x")', 5, 'path "otelcol.client.metadata" is read-only'],
    ['set(request["x"], "x")', 5, 'path "request" is read-only'],
    ['delete_key(span.name, "x")', 12, 'expected a path to a map, not to string'],
    ['delete_key(otelcol.client.metadata, "x")', 12, 'path "otelcol.client.metadata" is read-only'],
    ['set(span, 1)', 5, 'path "span" needs a field'],
    ['set(span.name["x"], 1)', 15, 'path "span.name" takes no such key'],
    ['set(span.trace_state["a"]["b"], "x")', 27, 'path "span.trace_state" takes no such key'],
    ['set(span.attributes[1.5], 1)', 21, 'cannot index with float: keys are string or int'],
    ['set(span.attributes[nil], 1)', 21, 'cannot index with nil: keys are string or int'],
    ['set(span.name)', 1, 'incorrect number of arguments. Expected: 2 Received: 1'],
    ['set(span.name, "a", "b")', 1, 'incorrect number of arguments. Expected: 2 Received: 3'],
    ['set(span.name, valu="a")', 16, 'no such parameter: valu'],
    ['set(span.name, target=span.name)', 16, 'parameter "target" is given twice'],
    ['set(span.name, 1 / 0)', 16, 'division by zero'],
    ['set(span.name, "a" + 1)', 16, 'cannot calculate with string'],
    ['set(span.name, -"a")', 16, 'cannot put a sign before string'],
    ['set(span.name, true == true)', 16, 'a condition cannot be used as a value'],
    ['set(span.name, IsMatch)', 16, 'unknown enum symbol "IsMatch"'],
    ['set(span.name, Split("a", ",")["x" == "y"])', 32, 'a condition cannot be used as a value'],
    ['set(span.name, ToUpperCase("a")[0])', 33, 'cannot index string'],
    ['set(span.name, Split("a", span.name))', 27, 'expected a string literal'],
    ['set(span.name, set(span.name, 1))', 16, 'editor "set" cannot be used as a value'],
    ['set(span.name, Options("a"))', 24, 'expected a list'],
    ['set(span.name, Options([1]))', 25, 'expected a string literal'],
    ['set(span.name, Options(["a"], "keeep"))', 31, 'expected one of "keep", "drop"'],
    ['set(span.name, Options(["a"], limit="1"))', 37, 'expected an int literal'],
    ['set(span.name, Options(["a"], limit=1.0))', 37, 'expected an int literal'],
    ['set(span.name, Options(["a"], factor="1"))', 38, 'expected a float literal'],
    ['set(span.name, Options(["a"], flag=1))', 36, 'expected true or false'],
    ['set(span.name, Options(["a"], kind=1))', 36, 'expected an enum symbol'],
    ['set(span.name, Options(["a"], kind=SPAN_KIND_X))', 36, 'expected an enum symbol'],
    ['set(span.name, Apply(1, "x"))', 25, 'expected the name of a converter, without parentheses'],
    ['set(span.name, Apply(1, ToUperCase))', 25, 'undefined function "ToUperCase"'],
    ['set(span.name, Apply(1, Split))', 25, 'converter "Split" cannot be passed by name'],
    ['set(span.name, All([1], 1))', 25, 'expected a lambda, e.g. (value) => value == "x"'],
    ['set(span.name, All([1], (a, b) => true))', 25, 'expected a lambda with 1 names, got 2'],
    ['set(span.name, All([1], (a) => b == 1))', 32, 'path "b" does not start with a context'],
    ['set(span.name, All([1], (a) => a.b == 1))', 32, 'lambda name "a" has no fields'],
    ['set(span.name, MapEach([1], (a) => All([1], (a) => true)))', 45, 'lambda name "a" stands twice'],
    ['set(span.name, (a) => 1)', 16, 'expected a value, not a lambda'],
    ['set(span.name, 1) where 1', 25, 'a value alone is no condition'],
    ['set(span.name, 1) where ToUpperCase("a")', 25, 'condition must be bool, but ToUpperCase gives string'],
    ['set(span.name, 1) where (span.name == "a") == true', 26, 'a condition cannot be used as a value'],
    ['set(span.name, 1) where not span.name', 29, 'a value alone is no condition'],
  ];
  test.each(cases)('%s', (statement, column, reason) => {
    const [problem] = refusal(() => parseStatements([statement], span)).problems;
    expect(problem?.reason).toContain(reason);
    expect(problem?.column).toBe(column);
  });
});

describe('functions are bound to their contexts', () => {
  test('IsRootSpan does not work on a resource', () => {
    const resource: CompileOptions = { context: 'resource', functions };
    expect(refusal(() => parseConditions(['IsRootSpan()'], resource)).problems[0]).toMatchObject({
      reason: 'function "IsRootSpan" is not available in context resource',
      hint: 'it works in span, spanevent',
    });
  });

  test('enums belong to contexts as well', () => {
    expect(
      refusal(() => parseConditions(['resource.schema_url == SPAN_KIND_SERVER'], { context: 'resource', functions })).problems[0]?.reason,
    ).toBe('unknown enum symbol "SPAN_KIND_SERVER"');
    expect(parseValue('MINE', { ...span, enums: new Map([['MINE', 9n]]) })).toBeDefined();
  });
});

test('all bad statements of a list are told at once', () => {
  const error = refusal(() => parseStatements(['sett(span.name, 1)', 'set(span.name, "ok")', 'set(span.nam, 1)'], span));
  expect(error.problems.map(({ index, reason }) => [index, reason])).toEqual([
    [0, 'undefined function "sett"'],
    [2, 'context span has no path "nam"'],
  ]);
  expect(error.message).toBe(error.problems.map(({ text }) => text).join('\n'));
});

test('a long line is shown around the place', () => {
  const [problem] = refusal(() => parseConditions([`${'true and '.repeat(40)}span.nam == 1${' and true'.repeat(40)}`], span)).problems;
  const [, line, caret] = (problem as Problem).text.split('\n') as [string, string, string];
  expect(line.length).toBeLessThan(170);
  expect(line.slice(caret.indexOf('^'), caret.lastIndexOf('^') + 1)).toBe('span.nam');
});

test('arguments go by position and by name, in snake case or camel case', () => {
  const evaluate = (text: string) => parseValue(text, span).evaluate(scene());
  for (const text of [
    'Options(["a"], "drop", ":", 3, 2.0, true, SPAN_KIND_SERVER)',
    'Options(["a"], kind=SPAN_KIND_SERVER, pair_delimiter=":", flag=true, limit=3, factor=2, mode="drop")',
    'Options(words=["a"], mode="drop", pairDelimiter=":", limit=3, factor=2.0, flag=true, kind=SPAN_KIND_SERVER)',
  ]) {
    expect(evaluate(text)).toEqual([['a'], 'drop', ':', 3n, 2, true, 2n]);
  }
  expect(evaluate('Options([])')).toEqual([[], 'keep', '=', 9n, 0.5, false, 0n]);
});
