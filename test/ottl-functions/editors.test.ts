import { describe, expect, test } from 'vitest';
import { SpanKind } from '../../src/model/batch.ts';
import type { Value } from '../../src/model/value.ts';
import { editorCases } from './cases/editors.ts';
import { spanNames } from './cases/span-name.ts';
import { edited, renamed } from './ottl.ts';

for (const [family, { results, refused }] of Object.entries(editorCases)) {
  describe(family, () => {
    test.each(results)('%s', (statement, before, after) => {
      expect(edited(statement, before)).toEqual(after);
    });
    test.each(refused)('refused, at load or at run: %s', (statement, before, message) => {
      expect(() => edited(statement, before)).toThrow(message);
    });
  });
}

test('a map with the key __proto__ is data like any other', () => {
  const after = edited('flatten(a)', { __proto__x: 1n, m: new Map<string, Value>([['__proto__', 'data']]) });
  expect(after).toEqual({ __proto__x: 1n, 'm.__proto__': 'data' });
});

test.each(spanNames)('set_semconv_span_name names a %s span by %o', (kind, attributes, name) => {
  expect(renamed('set_semconv_span_name("1.37.0")', { name: 'was', kind: SpanKind[kind] }, attributes)).toBe(name);
});

test('set_semconv_span_name keeps the former name where it is told to', () => {
  const before = { 'http.request.method': 'GET' };
  const after = edited('set_semconv_span_name("1.40.0", "was")', before, { name: 'old', kind: SpanKind.server });
  expect(after).toEqual({ ...before, was: 'old' });
});
