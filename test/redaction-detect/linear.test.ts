import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { presets, scannerOf, stepsFor } from '../../src/processors/redaction/detect/detect.ts';
import { corpus } from './corpus/corpus.ts';
import { nasty } from './nasty.ts';

const length = 1 << 17;
const scanner = scannerOf([...presets.pii, ...presets.secrets]);

function steps(text: string): number {
  const budget = { value: Number.MAX_SAFE_INTEGER, batch: Number.MAX_SAFE_INTEGER };
  scanner.scan(text, undefined, budget);
  return Number.MAX_SAFE_INTEGER - budget.batch;
}

describe('the work of a scan', () => {
  it.each(nasty(length).map(([name, text]) => [name, text] as const))('stays within the budget on %s', (_name, text) => {
    expect(steps(text)).toBeLessThanOrEqual(stepsFor(text.length));
  });

  it.each(nasty(length).map(([name, text]) => [name, text] as const))('grows with the length, not faster, on %s', (_name, text) => {
    expect(steps(text)).toBeLessThanOrEqual(2.2 * steps(text.slice(0, length / 2)) + 4096);
  });

  // The corpus has samples of every detector, or its own test fails: so no detector can be forgotten here.
  it.each(corpus.map((labelled) => [labelled.detector, labelled] as const))(
    'stays within the budget on near-misses of %s',
    (_name, labelled) => {
      const positives = labelled.positives.map(({ text, found }) => (found ?? text).slice(0, -1));
      const negatives = labelled.negatives.map(({ text }) => text);
      for (const misses of [positives, negatives]) {
        const piece = `${misses.join(' ')} `;
        const text = piece.repeat(Math.ceil((1 << 14) / piece.length));
        expect(steps(text)).toBeLessThanOrEqual(stepsFor(text.length));
      }
    },
  );

  it('is the same for the same text', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (text) => new Set([1, 2, 3].map(() => steps(text))).size === 1));
  });

  it('is told by the text alone: over budget is over budget each time', () => {
    const text = nasty(4096).find(([name]) => name === 'phone')?.[1] ?? '';
    const needed = steps(text);
    expect(scanner.scan(text, undefined, { value: needed, batch: needed })).not.toBe('over_budget');
    expect(scanner.scan(text, undefined, { value: needed - 1, batch: needed })).toBe('over_budget');
    expect(scanner.scan(text, undefined, { value: needed, batch: needed - 1 })).toBe('over_budget');
  });
});
