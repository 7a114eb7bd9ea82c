/**
 * Payment cards. The issuers' number ranges and lengths are card-validator's; its own function takes 9 µs per number, most of them for objects that
 * describe the card, so its table is asked directly.
 */
import cards from 'card-validator';
import { isOneDigit, passesLuhn } from '../checksum.ts';
import type { NumberDetector } from '../detector.ts';

interface Range {
  readonly first: string;
  readonly last: string;
  readonly lengths: readonly number[];
}

const { creditCardType } = cards;

/** The longest prefixes first: they tell the issuer where ranges overlap, as Maestro's 6 does with UnionPay's 62. */
const ranges: readonly Range[] = Object.values(creditCardType.types)
  .flatMap((type) => {
    const { patterns, lengths } = creditCardType.getTypeInfo(type);
    return patterns.map((pattern) => {
      const [first, last] = Array.isArray(pattern) ? pattern : [pattern, pattern];
      return { first: String(first), last: String(last), lengths };
    });
  })
  .sort((one, other) => other.first.length - one.first.length);

/** First and last have one length, so that they compare as texts do. */
export function isIssued(digits: string): boolean {
  for (const { first, last, lengths } of ranges) {
    const prefix = digits.slice(0, first.length);
    if (prefix >= first && prefix <= last) return lengths.includes(digits.length);
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
    isValid: (digits: string): boolean => passesLuhn(digits) && !isOneDigit(digits) && isIssued(digits),
  },
] as const satisfies readonly NumberDetector[];
