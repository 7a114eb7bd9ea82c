import cards from 'card-validator';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { passesLuhn } from '../../src/processors/redaction/detect/checksum.ts';
import { type DetectorName, detectorNames, presets, scannerOf } from '../../src/processors/redaction/detect/detect.ts';
import { digitsOf } from '../../src/processors/redaction/detect/digits.ts';
import { isIssued } from '../../src/processors/redaction/detect/personal/credit-card.ts';
import { corpus } from './corpus/corpus.ts';
import { ample } from './quality.ts';

const strict = scannerOf(detectorNames);

function hits(text: string, key?: string, detectors?: readonly DetectorName[]): string[] {
  const found = (detectors === undefined ? strict : scannerOf(detectors)).scan(text, key, ample());
  return found === 'over_budget' ? [found] : found.map(({ start, end, detector }) => `${detector} ${text.slice(start, end)}`);
}

describe('a scan', () => {
  it('finds several things in one text, in their order', () => {
    expect(hits('Write to jane@example.com or call +1 202 555 0142, from 10.1.2.3.')).toEqual([
      'email jane@example.com',
      'phone +1 202 555 0142',
      'ipv4 10.1.2.3',
    ]);
  });

  it('names a hit after the more specific detector where two find the same', () => {
    const key = `lsv2${'_pt_'}${'0123456789abcdef'.repeat(2)}_0123456789`;
    expect(hits(`api_key=${key}`)).toEqual([`langsmith_key ${key}`]);
  });

  it('covers all that overlapping finds cover', () => {
    expect(hits('https://bob:jane@example.com@example.org/x').join()).toContain('bob:');
  });

  it('hides what stands under a telling key', () => {
    expect(hits('hunter2', 'password')).toEqual(['named_secret hunter2']);
    expect(hits('hello there', 'password_hint')).toEqual([]);
    expect(hits('4096', 'max_tokens')).toEqual([]);
  });

  it('takes the key for a telling word', () => {
    expect(hits('9434765919', 'patient.nhs_number')).toEqual(['uk_nhs 9434765919']);
    expect(hits('9434765919', 'order')).toEqual([]);
  });

  it('leaves the tokens of earlier redaction alone', () => {
    for (const name of detectorNames) {
      for (const token of [`<${name}>`, `<${name}:7f3a9c01d2e4b6f8>`, '[REDACTED]', '****']) {
        expect(hits(token), token).toEqual([]);
        expect(hits(token, 'password'), token).toEqual([]);
        expect(hits(`password: ${token}`), token).toEqual([]);
        expect(hits(`Authorization: Bearer ${token}`), token).toEqual([]);
      }
    }
  });

  it('knows national phone formats of the configured regions only', () => {
    const scan = (regions: readonly string[]) => scannerOf(['phone'], { phoneRegions: regions }).scan('06 12 34 56 78', undefined, ample());
    expect(scan(['FR'])).toHaveLength(1);
    expect(scan(['US'])).toHaveLength(0);
  });

  it('uses the detectors asked for, and no others', () => {
    expect(hits('jane@example.com 10.1.2.3', undefined, ['ipv4'])).toEqual(['ipv4 10.1.2.3']);
    expect(hits('jane@example.com 10.1.2.3', undefined, [])).toEqual([]);
  });

  it('has every detector in a preset', () => {
    expect(new Set(presets.strict)).toEqual(new Set(detectorNames));
    expect(presets.pii.filter((name) => presets.secrets.includes(name))).toEqual([]);
  });

  it('answers ascending ranges that never overlap, for any mix of texts', () => {
    const pieces = corpus.flatMap(({ positives, negatives }) =>
      [...positives.slice(0, 6), ...negatives.slice(0, 6)].map(({ text }) => text),
    );
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.constantFrom(...pieces), fc.string({ unit: 'binary', maxLength: 20 })), { maxLength: 8 }),
        fc.constantFrom('', ' ', '"', ':'),
        (parts, between) => {
          const text = parts.join(between);
          const found = strict.scan(text, undefined, ample());
          expect(found).not.toBe('over_budget');
          let last = 0;
          for (const hit of found as Exclude<typeof found, string>) {
            expect(hit.start).toBeGreaterThanOrEqual(last);
            expect(hit.end).toBeGreaterThan(hit.start);
            last = hit.end;
          }
          expect(last).toBeLessThanOrEqual(text.length);
          expect(strict.scan(text, undefined, ample())).toEqual(found);
        },
      ),
    );
  });
});

describe("issuers' ranges", () => {
  it("agree with the library's validator", () => {
    const digits = fc
      .tuple(
        fc.constantFrom('4', '51', '55', '2221', '2720', '34', '37', '36', '30', '6011', '65', '35', '62', '50', '60', '1', '9'),
        fc.integer({ min: 13, max: 19 }),
      )
      .chain(([first, length]) =>
        fc
          .string({ unit: fc.constantFrom(...'0123456789'), minLength: length - first.length, maxLength: length - first.length })
          .map((rest) => first + rest),
      )
      .filter((text) => passesLuhn(digitsOf(text, text.length)));
    fc.assert(
      fc.property(digits, (text) => {
        expect(isIssued(digitsOf(text, text.length)), text).toBe(cards.number(text, { luhnValidateUnionPay: true }).isValid);
      }),
      { numRuns: 2000 },
    );
  });
});
