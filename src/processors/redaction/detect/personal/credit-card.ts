/**
 * Payment cards. The issuers' number ranges and lengths are card-validator's; its own function takes 9 µs per number, most of them for objects that
 * describe the card, so its table is asked directly.
 */
import cards from 'card-validator';
import { isOneDigit, passesLuhn } from '../checksum.ts';
import type { NumberDetector } from '../detector.ts';
import { type Digits, numberAt } from '../digits.ts';

interface Range {
  /** As many digits as `first` and `last` have. */
  readonly prefix: number;
  readonly first: number;
  readonly last: number;
  readonly lengths: readonly number[];
}

const { creditCardType } = cards;

/** The longest prefixes first: they tell the issuer where ranges overlap, as Maestro's 6 does with UnionPay's 62. */
const ranges: readonly Range[] = Object.values(creditCardType.types)
  .flatMap((type) => {
    const { patterns, lengths } = creditCardType.getTypeInfo(type);
    return patterns.map((pattern) => {
      const [first, last] = Array.isArray(pattern) ? pattern : [pattern, pattern];
      return { prefix: String(first).length, first: Number(first), last: Number(last), lengths };
    });
  })
  .sort((one, other) => other.prefix - one.prefix);

/** The lengths, as bits, that a card may have by its first four digits: most numbers are told to be none by this. */
const lengthsByStart = new Uint32Array(10_000);
for (const { prefix, first, last, lengths } of ranges) {
  const scale = 10 ** (4 - prefix);
  const bits = lengths.reduce((mask, length) => mask | (1 << length), 0);
  for (let start = Math.floor(first * scale); start < (last + 1) * scale; start += 1)
    lengthsByStart[start] = (lengthsByStart[start] as number) | bits;
}

const mayBeIssued = (digits: Digits): boolean => ((lengthsByStart[numberAt(digits, 0, 4)] as number) & (1 << digits.length)) !== 0;

/** `digits` has twelve and more. */
export function isIssued(digits: Digits): boolean {
  if (!mayBeIssued(digits)) return false;
  for (const { prefix, first, last, lengths } of ranges) {
    const number = numberAt(digits, 0, prefix);
    if (number >= first && number <= last) return lengths.includes(digits.length);
  }
  return false;
}

export const cardDetectors = [
  {
    name: 'credit_card',
    doc: "Payment cards: an issuer's range and length, and Luhn's check. Bare numbers of 14, 18 and 19 digits are often ids and need a word such as card or Visa near by.",
    preset: 'pii',
    shapes: ['16', '15', '4 4 4 4', '4-4-4-4', '4.4.4.4', '4 6 5', '4-6-5', '4 6 4', '4-6-4', '4 4 4 4 3', '4-4-4-4-3'],
    hintedShapes: ['14', '18', '19'],
    hint: /\b(?:card|credit|debit|visa|master ?card|maestro|amex|diners|pan|karte|kreditkarte|carte|tarjeta|cart[aã]o|carta)\b|卡|カード/i,
    isValid: (digits: Digits): boolean => mayBeIssued(digits) && passesLuhn(digits) && !isOneDigit(digits) && isIssued(digits),
  },
] as const satisfies readonly NumberDetector[];
