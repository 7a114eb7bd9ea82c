import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { sprintf } from '../../src/ottl/functions/text/sprintf.ts';
import { evaluate } from './ottl.ts';

interface Row {
  readonly format: string;
  readonly args: readonly string[];
  readonly want: string;
}

/** Written by Go's own `fmt.Sprintf`. */
const rows: readonly Row[] = JSON.parse(readFileSync(new URL('golden/sprintf.json', import.meta.url), 'utf8'));

test.each(rows)('Format("$format", $args) is $want', ({ format, args, want }) => {
  expect(evaluate(`Format(a["format"], [${args.join(', ')}])`, { format })).toBe(want);
});

test('no format fails, and none makes a text without bounds', () => {
  const piece = fc.constantFrom(
    '%',
    'd',
    's',
    'v',
    'q',
    'x',
    'f',
    'g',
    'e',
    'c',
    'U',
    'T',
    '[',
    '1',
    ']',
    '9',
    '.',
    '*',
    '-',
    '+',
    '#',
    '0',
    ' ',
    'é',
  );
  const value = fc.constantFrom(
    null,
    'text',
    1n,
    -(2n ** 63n),
    1e300,
    -0,
    Number.NaN,
    Number.NEGATIVE_INFINITY,
    true,
    Uint8Array.of(1),
    [1n],
    new Map(),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), fc.array(value, { maxLength: 4 }), (format, values) => {
      expect(sprintf(format.join(''), values).length).toBeLessThan(100_000);
    }),
    { numRuns: 1_000 },
  );
});
