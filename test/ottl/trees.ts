/** Random trees, in the form that the parser gives them, and trees without their places. */
import fc from 'fast-check';

export function withoutPlaces(tree: unknown): unknown {
  if (Array.isArray(tree)) return tree.map(withoutPlaces);
  if (tree instanceof Uint8Array) return Array.from(tree);
  if (tree === null || typeof tree !== 'object') return tree;
  return Object.fromEntries(
    Object.entries(tree)
      .filter(([key]) => key !== 'place')
      .map(([key, value]) => [key, withoutPlaces(value)]),
  );
}

const lower = fc.stringMatching(/^[a-z][a-z0-9_]{0,6}$/).filter((name) => !['nil', 'not', 'or', 'and', 'true', 'false'].includes(name));
const converterName = fc.stringMatching(/^[A-Z][A-Za-z0-9]{0,6}$/);
const int64 = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
const float = fc.double({ noNaN: true, noDefaultInfinity: true });
const text = fc.string({ unit: 'grapheme' });
const raw = fc.uint8Array({ minLength: 1, maxLength: 4 }).map((bytes) => Uint8Array.from(bytes));

const literal = fc.record({
  kind: fc.constant('literal'),
  value: fc.oneof(fc.constant(null), fc.boolean(), int64, float, text, raw),
});

const trees = fc.letrec((tie) => {
  const args = fc
    .tuple(
      fc.array(fc.record({ name: fc.constant(''), value: tie('argument') }), { maxLength: 2 }),
      fc.array(fc.record({ name: fc.oneof(lower, fc.constant('camelCase')), value: tie('argument') }), { maxLength: 1 }),
    )
    .map(([positional, named]) => [...positional, ...named]);
  const keys = fc.array(tie('value'), { maxLength: 2 });
  const signable = (node: unknown) =>
    (node as { kind: string }).kind !== 'literal' || !['bigint', 'number'].includes(typeof (node as { value: unknown }).value);
  return {
    args,
    symbol: fc.record({ kind: fc.constant('symbol'), name: converterName }),
    path: fc.record({ kind: fc.constant('path'), names: fc.array(lower, { minLength: 1, maxLength: 3 }), keys }),
    converter: fc.record({ kind: fc.constant('converter'), name: converterName, args, keys }),
    list: fc.record({ kind: fc.constant('list'), elements: fc.array(tie('value'), { maxLength: 3 }) }),
    map: fc.record({ kind: fc.constant('map'), entries: fc.array(fc.tuple(text, tie('value')), { maxLength: 3 }) }),
    math: fc.record({ kind: fc.constant('math'), operator: fc.constantFrom('+', '-', '*', '/'), left: tie('value'), right: tie('value') }),
    signed: fc.record({ kind: fc.constant('signed'), sign: fc.constantFrom('+', '-'), operand: tie('value').filter(signable) }),
    comparison: fc.record({
      kind: fc.constant('comparison'),
      operator: fc.constantFrom('==', '!=', '<', '<=', '>', '>='),
      left: tie('value'),
      right: tie('value'),
    }),
    logical: fc.record({ kind: fc.constantFrom('and', 'or'), left: tie('condition'), right: tie('condition') }),
    not: fc.record({ kind: fc.constant('not'), operand: tie('condition') }),
    lambda: fc.record({ kind: fc.constant('lambda'), names: fc.uniqueArray(lower, { maxLength: 3 }), body: tie('condition') }),
    value: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      literal,
      tie('symbol'),
      tie('path'),
      tie('converter'),
      tie('list'),
      tie('map'),
      tie('math'),
      tie('signed'),
    ),
    condition: fc.oneof({ depthSize: 'small', withCrossShrink: true }, tie('value'), tie('comparison'), tie('logical'), tie('not')),
    argument: fc.oneof({ depthSize: 'small' }, tie('value'), tie('lambda')),
  };
});

export const expression = trees.condition as fc.Arbitrary<unknown>;

export const statement = fc.record({
  kind: fc.constant('statement'),
  editor: fc.record({ name: lower, args: trees.args as fc.Arbitrary<unknown> }),
  where: fc.option(expression, { nil: undefined }),
});
