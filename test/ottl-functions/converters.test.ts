import { describe, expect, test } from 'vitest';
import { OttlError } from '../../src/ottl/fault.ts';
import { attributes } from './cases/attributes.ts';
import { converterCases } from './cases/converters.ts';
import { evaluate } from './ottl.ts';

for (const [family, { results, refused }] of Object.entries(converterCases)) {
  describe(family, () => {
    test.each(results)('%s', (expression, result) => {
      expect(evaluate(expression, attributes)).toEqual(result);
    });
    test.each(refused)('refused, at load or at run: %s', (expression, message) => {
      expect(() => evaluate(expression, attributes)).toThrow(message);
    });
  });
}

test('what a converter refuses at run is an OttlError that does not quote the data', () => {
  const secret = { text: 'sk-secret' };
  for (const expression of [
    'ParseJSON(a["text"])',
    'ParseKeyValue(a["text"])',
    'Time(a["text"], "%Y")',
    'URL(Concat([":", a["text"]], ""))',
  ]) {
    expect(() => evaluate(expression, secret)).toThrow(OttlError);
    expect(() => evaluate(expression, secret)).not.toThrow(/sk-secret/);
  }
});
