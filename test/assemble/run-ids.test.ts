import fc from 'fast-check';
import { expect, it } from 'vitest';
import { isMadeFrom } from '../../src/exporters/langsmith/assemble/run-ids.ts';
import { runIdOfSpan, uuidOfTrace } from '../../src/model/ids.ts';

const digits = (length: number) => fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: length, maxLength: length });

it('tells a run id that is made from the span id from every other', () => {
  fc.assert(
    fc.property(
      digits(16),
      digits(16),
      digits(32),
      fc.nat(35),
      fc.constantFrom(...'0123456789abcdef-'),
      (spanId, other, random, at, digit) => {
        const own = runIdOfSpan(spanId);
        const near = own.slice(0, at) + digit + own.slice(at + 1);
        expect(isMadeFrom(spanId, own)).toBe(true);
        for (const runId of [runIdOfSpan(other), uuidOfTrace(random), near, own.slice(1), `${own}0`, ''])
          expect(isMadeFrom(spanId, runId)).toBe(runId === own);
      },
    ),
  );
});
