import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { inferContext, OttlError, parseConditions, parseStatements } from '../../src/ottl/ottl.ts';
import { print } from '../../src/ottl/syntax/print.ts';
import type { Expression } from '../../src/ottl/syntax/tree.ts';
import { functions, scene, span } from './scene.ts';
import { expression } from './trees.ts';

const failing = 'set(span.name, 1)';

describe('statements', () => {
  test('run in order on one record', () => {
    const evaluation = scene();
    parseStatements(
      ['set(span.cache["a"], span.name)', 'set(span.name, "x")', 'set(span.attributes["was"], span.cache["a"]) where span.name == "x"'],
      span,
    ).run(evaluation);
    expect(evaluation.span.attributes.get('was')).toBe('chat');
  });

  test('do nothing where their condition does not hold', () => {
    const evaluation = scene();
    parseStatements(['set(span.name, "x") where span.name == "y"'], span).run(evaluation);
    expect(evaluation.span.name).toBe('chat');
  });

  test('that fail are reported and passed over with ignore', () => {
    const reports: [string, string][] = [];
    const evaluation = scene();
    parseStatements([failing, 'set(span.name, "x")'], {
      ...span,
      errorMode: 'ignore',
      report: (error, statement) => reports.push([error.reason, statement]),
    }).run(evaluation);
    expect(reports).toEqual([['cannot set path: expected string, got int', failing]]);
    expect(evaluation.span.name).toBe('x');
  });

  test('that fail are passed over with silent', () => {
    const evaluation = scene();
    parseStatements([failing, 'set(span.name, "x")'], { ...span, errorMode: 'silent', report: () => expect.unreachable() }).run(evaluation);
    expect(evaluation.span.name).toBe('x');
  });

  test('that fail stop the payload with propagate', () => {
    const evaluation = scene();
    expect(() => parseStatements([failing, 'set(span.name, "x")'], { ...span, errorMode: 'propagate' }).run(evaluation)).toThrow(
      expect.objectContaining({ name: 'OttlError', statement: failing }),
    );
    expect(evaluation.span.name).toBe('chat');
  });
});

describe('conditions', () => {
  const bad = 'span.attributes["text"]["a"] == 1';

  test('that fail count as false with ignore and silent', () => {
    const reports: string[] = [];
    expect(parseConditions([bad, 'true'], { ...span, errorMode: 'ignore', report: (_, text) => reports.push(text) }).test(scene())).toBe(
      true,
    );
    expect(parseConditions([bad], { ...span, errorMode: 'silent' }).test(scene())).toBe(false);
    expect(reports).toEqual([bad]);
  });

  test('that fail stop the payload with propagate', () => {
    expect(() => parseConditions([bad, 'true'], span).test(scene())).toThrow('cannot index string with string');
  });

  test('must turn out to be bool', () => {
    expect(() => parseConditions(['Same(span.attributes["int"])'], span).test(scene())).toThrow(
      'condition must be bool, but Same gave int',
    );
    expect(parseConditions(['Same(span.attributes["yes"])'], span).test(scene())).toBe(true);
  });
});

describe('the context follows from what is mentioned', () => {
  const cases: readonly (readonly [texts: readonly string[], context: string | undefined])[] = [
    [['set(span.name, "x")'], 'span'],
    [['set(resource.attributes["a"], 1)'], 'resource'],
    [['set(instrumentation_scope.name, "x")'], 'scope'],
    [['set(resource.attributes["a"], span.name)'], 'span'],
    [['set(span.name, "x") where spanevent.name == "y"'], 'spanevent'],
    [['set(spanlink.flags, 1) where span.name == "y"'], 'spanlink'],
    [['set(log.severity_text, resource.schema_url)'], 'log'],
    [['set(resource.attributes["a"], [{"k": scope.name}])'], 'scope'],
    [['set(resource.attributes["a"], -(1 + Split(span.name, ",")[0]))'], 'span'],
    [['set(resource.attributes[span.name], 1)'], 'span'],
    [['set(resource.attributes["a"], All([1], (v) => v == span.kind))'], 'span'],
    [['set(resource.attributes["a"], 1) where not (true and IsRootSpan())'], 'span'],
    [['set(resource.attributes["a"], 1)', 'set(span.name, "x")'], 'span'],
    [['set(resource.attributes["a"], otelcol.client.addr)'], 'resource'],
    [['route() where otelcol.client.metadata["a"] == "b"'], 'otelcol'],
    [['route() where request["a"] == "b"'], 'otelcol'],
    [['set(spanevent.name, "x") where spanlink.flags == 1'], undefined],
    [['set(span.name, log.body)'], undefined],
    [['set(name, "x")'], undefined],
    [['route()'], undefined],
  ];
  test.each(cases)('%j', (texts, context) => {
    expect(inferContext(texts, 'statement', functions)).toBe(context);
  });

  test('of conditions as well', () => {
    expect(inferContext(['IsRootSpan()'], 'condition', functions)).toBe('span');
    expect(inferContext(['resource.schema_url == "x"'], 'condition', functions)).toBe('resource');
  });

  test('texts that do not parse are all told', () => {
    expect(() => inferContext(['set(', 'x'], 'statement', functions)).toThrow(
      expect.objectContaining({ problems: [expect.anything(), expect.anything()] }),
    );
  });
});

test('no statement throws anything but an OttlError, at load or at run', () => {
  const paths = fc.constantFrom(
    'span.attributes["text"]',
    'span.attributes["list"][0]',
    'span.attributes["map"]["a"]',
    'span.attributes',
    'span.name',
    'span.kind',
    'span.trace_id',
    'span.start_time',
    'span.events',
    'span.status',
    'span.cache["x"]',
    'span.trace_state["k"]',
  );
  const value = fc.oneof(
    paths,
    fc.constantFrom(
      'nil',
      '1',
      '-2.5',
      '"x"',
      'true',
      '0x00',
      '[1, "a"]',
      '{"a": 1}',
      'SomeTime()',
      'SomeDuration()',
      'SomeId()',
      'Broken()',
      'SPAN_KIND_CLIENT',
    ),
    fc.tuple(paths, fc.constantFrom('+', '-', '*', '/'), paths).map((parts) => parts.join(' ')),
    fc
      .tuple(fc.constantFrom('ToUpperCase', 'Apply', 'Same', 'TypeName', 'Split'), paths)
      .map(([name, path]) => `${name}(${path}${name === 'Split' ? ', ","' : name === 'Apply' ? ', Same' : ''})`),
    expression.map((tree) => print(tree as Expression)),
  );
  const statement = fc
    .tuple(fc.constantFrom('set', 'put', 'delete_key'), paths, value, fc.constantFrom('==', '<', '!='), value)
    .map(
      ([name, path, one, operator, other]) =>
        `${name}(${path}, ${name === 'put' ? `"k", ${one}` : one}) where ${other} ${operator} ${one} or true`,
    );
  let ran = 0;
  fc.assert(
    fc.property(statement, (text) => {
      try {
        parseStatements([text], span).run(scene());
        ran++;
      } catch (error) {
        expect(error).toBeInstanceOf(OttlError);
      }
    }),
    { numRuns: 3_000 },
  );
  expect(ran).toBeGreaterThan(50);
});
