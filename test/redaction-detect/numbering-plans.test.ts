import fc from 'fast-check';
import { parsePhoneNumberFromString } from 'libphonenumber-js/min';
import metadata from 'libphonenumber-js/min/metadata';
import { describe, expect, it } from 'vitest';
import { type DigitAutomaton, digitAutomatonOf } from '../../src/processors/redaction/detect/personal/digit-automaton.ts';
import { dialled, internationalNumbers, nationalNumbers } from '../../src/processors/redaction/detect/personal/numbering-plans.ts';
import { seeded } from './corpus/sample.ts';

const nextOf = ({ next }: DigitAutomaton, state: number, digit: string): number => next[10 * state + Number(digit)] as number;

/** The state behind the digits. */
const behind = (automaton: DigitAutomaton, digits: string): number =>
  [...digits].reduce((state, digit) => nextOf(automaton, state, digit), automaton.start);

const accepted = (automaton: DigitAutomaton, digits: string): number => automaton.accepts[behind(automaton, digits)] as number;

/** `count` numbers of many lengths that begin with `first`. Half of them go on as the automaton does, so that numbers and near misses are many. */
function numbersFrom(automaton: DigitAutomaton, first: string, count: number, random: () => number): string[] {
  const digit = (): string => String(Math.floor(random() * 10));
  return Array.from({ length: count }, (_, index) => {
    const length = first.length + 4 + Math.floor(random() * 12);
    let text = first;
    for (let state = behind(automaton, first); text.length < length; ) {
      let one = digit();
      for (let again = 0; index % 2 === 0 && again < 8 && nextOf(automaton, state, one) === 0; again += 1) one = digit();
      state = nextOf(automaton, state, one);
      text += one;
    }
    return text;
  });
}

type Row = readonly unknown[];
const codes = {
  ...metadata.country_calling_codes,
  ...Object.fromEntries(Object.keys(metadata.nonGeographic).map((code) => [code, [code]])),
};
const rows: Readonly<Record<string, Row>> = { ...metadata.countries, ...metadata.nonGeographic };

/** Where several countries share a code, or nobody owns it, the library asks for the kind of the number, too, to tell whose it is. */
const hasKinds = (countries: readonly string[]): boolean => countries.some((country) => Array.isArray(rows[country]?.[11]));

describe('numbering plans', () => {
  it("agree with the library's parser on more than 100,000 international numbers of every calling code", () => {
    const plan = internationalNumbers();
    const random = seeded(42);
    const wrong: string[] = [];
    let compared = 0;
    let valid = 0;
    for (const [code, countries] of Object.entries(codes)) {
      for (const text of numbersFrom(plan, code, 600, random)) {
        const parsed = parsePhoneNumberFromString(`+${text}`);
        // The parser also takes numbers with a trunk prefix that is not dialled; such are none of ours.
        if (parsed !== undefined && parsed.nationalNumber !== text.slice(code.length)) continue;
        const isValid = parsed?.isValid() === true;
        const isOurs = accepted(plan, text) !== 0;
        if (isValid ? !isOurs : isOurs && !hasKinds(countries)) wrong.push(text);
        compared += 1;
        if (isValid) valid += 1;
      }
    }
    expect(wrong).toEqual([]);
    expect(compared).toBeGreaterThan(100_000);
    expect(valid).toBeGreaterThan(10_000);
  });

  it("agree with the library's parser on national numbers of every country that has a calling code of its own", () => {
    const random = seeded(43);
    const wrong: string[] = [];
    let compared = 0;
    for (const [country = 'US', ...others] of Object.values(metadata.country_calling_codes)) {
      if (others.length > 0) continue;
      const trunk = rows[country]?.[5];
      const plan = nationalNumbers([country]);
      for (const text of numbersFrom(plan, typeof trunk === 'string' ? trunk : '', 100, random)) {
        const parsed = parsePhoneNumberFromString(text, country);
        // What is left of other prefixes, those of carriers among them, is none of ours.
        if (parsed === undefined || text !== `${typeof trunk === 'string' ? trunk : ''}${parsed.nationalNumber}`) continue;
        const isOurs = (accepted(plan, text) & dialled) !== 0;
        if (parsed.isValid() !== isOurs) wrong.push(`${country} ${text}`);
        compared += 1;
      }
    }
    expect(wrong).toEqual([]);
    expect(compared).toBeGreaterThan(10_000);
  });

  it('know the countries that are asked for, and those that share a grouping by a bit each', () => {
    expect(accepted(nationalNumbers(['FR']), '0612345678')).toBe(dialled);
    expect(accepted(nationalNumbers(['US']), '0612345678')).toBe(0);
    expect(accepted(nationalNumbers(['nowhere']), '0612345678')).toBe(0);
    expect(accepted(nationalNumbers(['ES']), '612345678')).not.toBe(accepted(nationalNumbers(['FR']), '612345678'));
  });
});

describe('an automaton of digits', () => {
  const digit = fc.oneof(fc.constantFrom('\\d', '[2-9]', '[13-5]', '[07]'), fc.integer({ min: 0, max: 9 }).map(String));
  const counted = fc.tuple(digit, fc.constantFrom('', '', '?', '{2}', '{1,3}', '{0,2}')).map((parts) => parts.join(''));
  const sequence = fc.array(counted, { minLength: 1, maxLength: 3 }).map((parts) => parts.join(''));
  const group = fc
    .tuple(fc.array(sequence, { minLength: 1, maxLength: 3 }), fc.constantFrom('', '?', '{2}'))
    .map(([choices, count]) => `(?:${choices.join('|')})${count}`);
  const pattern = fc.array(fc.oneof(counted, group), { minLength: 1, maxLength: 3 }).map((parts) => parts.join(''));
  const language = fc.record({ pattern, lengths: fc.uniqueArray(fc.integer({ min: 1, max: 6 }), { minLength: 1 }) });

  it('has the words that regular expressions have, each language by its bit', () => {
    const word = fc.string({ unit: fc.constantFrom(...'0123456789'), maxLength: 7 });
    fc.assert(
      fc.property(fc.array(language, { maxLength: 4 }), fc.array(word, { minLength: 20, maxLength: 40 }), (languages, words) => {
        const automaton = digitAutomatonOf(languages.map((one, index) => ({ ...one, bit: 1 << index })));
        for (const digits of words) {
          const bits = languages.map((one, index) =>
            one.lengths.includes(digits.length) && new RegExp(`^(?:${one.pattern})$`).test(digits) ? 1 << index : 0,
          );
          expect(accepted(automaton, digits), digits).toBe(bits.reduce((all, bit) => all | bit, 0));
        }
      }),
    );
  });

  it('refuses what it does not know, and does not guess', () => {
    for (const wrong of ['\\w', '1*', '[^1]', '(1)', '(?:1', '1)', '[1', '1{2,}', '{2}', 'a', '1{40}'])
      expect(() => digitAutomatonOf([{ pattern: wrong, lengths: [1], bit: 1 }]), wrong).toThrow(SyntaxError);
  });
});
