import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { presets, scannerOf, stepsFor } from '../../src/processors/redaction/detect/detect.ts';
import { everythingNasty } from './nasty.ts';

const length = 1 << 15;
const nasty = everythingNasty.map(({ name, make }) => [name, make] as const);
const scanner = scannerOf([...presets.pii, ...presets.secrets]);

function steps(text: string): number {
  const budget = { value: Number.MAX_SAFE_INTEGER, batch: Number.MAX_SAFE_INTEGER };
  scanner.scan(text, undefined, budget);
  return Number.MAX_SAFE_INTEGER - budget.batch;
}

describe('the work of a scan', () => {
  it.each(nasty)('stays within the budget on %s', (_name, make) => {
    const text = make(length);
    expect(steps(text)).toBeLessThanOrEqual(stepsFor(text.length));
  });

  it.each(nasty)('grows with the length, not faster, on %s', (_name, make) => {
    const text = make(length);
    expect(steps(text)).toBeLessThanOrEqual(2.2 * steps(text.slice(0, length / 2)) + 4096);
  });

  it('is the same for the same text', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (text) => new Set([1, 2, 3].map(() => steps(text))).size === 1));
  });

  it('is told by the text alone: over budget is over budget each time', () => {
    const text = everythingNasty.find(({ name }) => name === 'phone')?.make(4096) ?? '';
    const needed = steps(text);
    expect(scanner.scan(text, undefined, { value: needed, batch: needed })).not.toBe('over_budget');
    expect(scanner.scan(text, undefined, { value: needed - 1, batch: needed })).toBe('over_budget');
    expect(scanner.scan(text, undefined, { value: needed, batch: needed - 1 })).toBe('over_budget');
  });
});
