import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { passesLuhn, passesMod11And10, passesVerhoeff, remainder97With } from '../../src/processors/redaction/detect/checksum.ts';
import { type Digits, digitsOf } from '../../src/processors/redaction/detect/digits.ts';

const digits = (length: number) => fc.string({ unit: fc.constantFrom(...'0123456789'), minLength: length, maxLength: length });
type Check = (digits: Digits) => boolean;
const check = (passes: Check, text: string): boolean => passes(digitsOf(text, text.length));
const completions = (text: string, passes: Check): string[] => [...'0123456789'].filter((digit) => check(passes, text + digit));

describe.each([
  ['Luhn', passesLuhn],
  ['Verhoeff', passesVerhoeff],
  ['MOD 11,10', passesMod11And10],
] as const)('the check of %s', (_name, passes) => {
  it('has exactly one check digit for any number', () => {
    fc.assert(fc.property(digits(10), (text) => completions(text, passes).length === 1));
  });

  it('sees any one digit that is changed', () => {
    fc.assert(
      fc.property(digits(10), fc.nat(9), fc.integer({ min: 1, max: 9 }), (text, place, by) => {
        const whole = text + completions(text, passes)[0];
        const changed = `${whole.slice(0, place)}${(Number(whole[place]) + by) % 10}${whole.slice(place + 1)}`;
        expect(check(passes, changed)).toBe(false);
      }),
    );
  });
});

describe("Verhoeff's check", () => {
  it('sees any two neighbours that change places', () => {
    fc.assert(
      fc.property(digits(10), fc.nat(8), (text, place) => {
        const whole = text + completions(text, passesVerhoeff)[0];
        const swapped = `${whole.slice(0, place)}${whole[place + 1]}${whole[place]}${whole.slice(place + 2)}`;
        expect(check(passesVerhoeff, swapped)).toBe(whole[place] === whole[place + 1]);
      }),
    );
  });
});

describe('the remainder by 97', () => {
  const remainder97 = (text: string): number => [...text].reduce((remainder, one) => remainder97With(remainder, one.charCodeAt(0)), 0);

  it('is that of the whole number', () => {
    fc.assert(fc.property(digits(30), (text) => BigInt(remainder97(text)) === BigInt(text) % 97n));
  });

  it('takes letters for two digits', () => {
    expect(remainder97('AZ')).toBe(1035 % 97);
    expect(remainder97('az')).toBe(1035 % 97);
  });
});
