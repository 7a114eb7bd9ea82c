import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Value } from '../../src/model/value.ts';
import { OttlError } from '../../src/ottl/fault.ts';
import { standardFunctions } from '../../src/ottl/functions/functions.ts';
import { compileGlob } from '../../src/ottl/functions/text/glob.ts';
import { parseStatements, parseValue } from '../../src/ottl/ottl.ts';
import { evaluate, evaluationOf } from './ottl.ts';

const plainText = fc.string({ unit: 'grapheme', maxLength: 40 });
const scalar: fc.Arbitrary<Value> = fc.oneof(
  fc.constant(null),
  plainText,
  fc.boolean(),
  fc.double({ noDefaultInfinity: true, noNaN: true }),
  fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n),
  fc.uint8Array({ maxLength: 20 }),
);
const anyValue: fc.Arbitrary<Value> = fc.letrec<{ value: Value; list: Value; map: Value }>((tie) => ({
  value: fc.oneof({ depthSize: 'small', withCrossShrink: true }, scalar, tie('list'), tie('map')),
  list: fc.array(tie('value'), { maxLength: 4 }),
  map: fc.array(fc.tuple(plainText, tie('value')), { maxLength: 4 }).map((entries) => new Map(entries)),
})).value;

test.each([
  { encode: 'Base64Encode(a["x"])', decode: 'Decode(a["x"], "base64")' },
  { encode: 'Base64Encode(a["x"], "base64-raw")', decode: 'Decode(a["x"], "base64-raw")' },
  { encode: 'Base64Encode(a["x"], "base64-url")', decode: 'Decode(a["x"], "base64-url")' },
  { encode: 'Base64Encode(a["x"], "base64-raw-url")', decode: 'Decode(a["x"], "base64-raw-url")' },
])('$decode gives back what $encode was given', ({ encode, decode }) => {
  fc.assert(
    fc.property(plainText, (text) => {
      expect(evaluate(decode, { x: evaluate(encode, { x: text }) as string })).toBe(text);
    }),
  );
});

test('ParseInt gives back an int written in any base', () => {
  fc.assert(
    fc.property(fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n), fc.integer({ min: 2, max: 36 }), (value, base) => {
      expect(evaluate(`ParseInt(a["x"], ${base})`, { x: value.toString(base) })).toBe(value);
    }),
  );
});

test('ParseJSON gives back a map of texts that String wrote', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(plainText, plainText), { maxLength: 5 }), (entries) => {
      const map = new Map(entries);
      expect(evaluate('ParseJSON(String(a["x"]))', { x: map })).toEqual(map);
    }),
  );
});

test('Substring of a whole text is the text, and its parts make it up', () => {
  fc.assert(
    fc.property(fc.string({ minLength: 2, maxLength: 40 }), fc.nat(), (text, seed) => {
      const cut = 1 + (seed % (text.length - 1));
      const expression = `Concat([Substring(a["x"], 0, ${cut}), Substring(a["x"], ${cut}, ${text.length - cut})], "")`;
      expect(evaluate(expression, { x: text })).toBe(text);
    }),
  );
});

test('truncate_all keeps its limit and cuts no character', () => {
  fc.assert(
    fc.property(plainText, fc.integer({ min: 0, max: 30 }), (text, limit) => {
      const evaluation = evaluationOf({ x: text });
      parseStatements([`truncate_all(span.attributes, ${limit})`], { context: 'span', functions: standardFunctions }).run(evaluation);
      const cut = evaluation.span.attributes.get('x') as string;
      expect(Buffer.byteLength(cut)).toBeLessThanOrEqual(limit);
      expect(text.startsWith(cut)).toBe(true);
      expect(cut).not.toMatch(/\p{Surrogate}/u);
    }),
  );
});

test('a glob of the escaped text matches that text alone, and a star anything', () => {
  fc.assert(
    fc.property(plainText, plainText, (text, other) => {
      const escaped = text.replace(/[*?[\]{}\\,]/g, '\\$&');
      expect(compileGlob(escaped).matches(other)).toBe(text === other);
      expect(compileGlob(`${escaped}*`).matches(text + other)).toBe(true);
    }),
  );
});

test('a hostile glob takes no more steps than text times glob', () => {
  const glob = compileGlob('*a'.repeat(2_000));
  expect(glob.matches(`${'a'.repeat(1_999)}b`)).toBe(false);
});

/** Every function on two values of any type: what it does not take is an `OttlError`. */
const calls: readonly string[] = standardFunctions
  .filter((spec) => spec.kind === 'converter' && spec.unsupported === undefined)
  .flatMap((spec) => {
    const shapes = Object.values(spec.parameters).filter((parameter) => !parameter.optional);
    if (!shapes.every(({ shape }) => shape.kind === 'getter' || (shape.kind === 'list' && shape.of.kind === 'getter'))) return [];
    const args = shapes.map(({ shape }, at) => {
      const value = `span.attributes["${at % 2 === 0 ? 'x' : 'y'}"]`;
      return shape.kind === 'list' ? `[${value}]` : value;
    });
    return [`${spec.name}(${args.join(', ')})`];
  });

test.each(calls)('%s gives a value or an OttlError, whatever the data', (call) => {
  let compiled: ReturnType<typeof parseValue>;
  try {
    compiled = parseValue(call, { context: 'span', functions: standardFunctions });
  } catch (error) {
    expect.fail(`refused at load: ${error}`);
  }
  fc.assert(
    fc.property(anyValue, anyValue, (x, y) => {
      try {
        expect(compiled.evaluate(evaluationOf({ x, y }))).not.toBeUndefined();
      } catch (error) {
        expect(error).toBeInstanceOf(OttlError);
        expect((error as OttlError).message).not.toMatch(/internal error/);
      }
    }),
  );
});

const editorCalls = [
  'flatten(span.attributes)',
  'flatten(span.attributes, "p", 3, true)',
  'stringify_all(span.attributes)',
  'truncate_all(span.attributes, 5)',
  'limit(span.attributes, 1, [])',
  'append(span.attributes["x"], span.attributes["y"])',
  'delete_index(span.attributes["x"], 0)',
  'merge_maps(span.attributes, span.attributes["x"], "upsert")',
  'replace_all_patterns(span.attributes, "value", "[a-z]", "$0$0")',
  'replace_all_patterns(span.attributes, "key", "[a-z]", "z", SHA256)',
  'replace_all_matches(span.attributes, "*", "x")',
  'keep_matching_keys(span.attributes, "x")',
];

test.each(editorCalls)('%s changes the data or throws an OttlError', (statement) => {
  const compiled = parseStatements([statement], { context: 'span', functions: standardFunctions });
  fc.assert(
    fc.property(anyValue, anyValue, (x, y) => {
      try {
        compiled.run(evaluationOf({ x, y }));
      } catch (error) {
        expect(error).toBeInstanceOf(OttlError);
        expect((error as OttlError).message).not.toMatch(/internal error/);
      }
    }),
  );
});
