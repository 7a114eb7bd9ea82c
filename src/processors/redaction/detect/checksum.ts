/** Check digits. Each takes digits whose number the caller has made sure of. */
import type { Digits } from './digits.ts';

const value = (digits: Digits, at: number): number => digits[at] as number;

/** ISO/IEC 7812-1 annex B: from the right, every second digit doubled, the digits' sum a multiple of ten. The digits before `from` are not asked. */
export function passesLuhn(digits: Digits, from = 0): boolean {
  let sum = 0;
  for (let at = digits.length - 1, place = 0; at >= from; at -= 1, place += 1) {
    const digit = value(digits, at);
    sum += place % 2 === 0 ? digit : digit > 4 ? 2 * digit - 9 : 2 * digit;
  }
  return sum % 10 === 0;
}

/** The sum of digit times weight, over the first `weights.length` digits. */
export function weightedSum(digits: Digits, weights: readonly number[]): number {
  let sum = 0;
  for (let at = 0; at < weights.length; at += 1) sum += value(digits, at) * (weights[at] as number);
  return sum;
}

/** ISO/IEC 7064 MOD 97-10 goes on by one digit, or by one letter of either case (A = 10). */
export const remainder97With = (remainder: number, code: number): number =>
  code < 58 ? (remainder * 10 + code - 48) % 97 : (remainder * 100 + (code & 31) + 9) % 97;

/** ISO/IEC 7064 MOD 11,10. */
export function passesMod11And10(digits: Digits): boolean {
  let product = 10;
  for (let at = 0; at < digits.length - 1; at += 1) {
    const sum = (value(digits, at) + product) % 10 || 10;
    product = (2 * sum) % 11;
  }
  return (11 - product) % 10 === value(digits, digits.length - 1);
}

const rows = (text: string): Uint8Array => Uint8Array.from(text.replace(/ /g, ''), Number);
const dihedral = rows('0123456789 1234067895 2340178956 3401289567 4012395678 5987604321 6598710432 7659821043 8765932104 9876543210');
const permutation = rows('0123456789 1576283094 5803796142 8916043527 9453126870 4286573901 2793806415 7046913258');

/** Verhoeff's check over the dihedral group of order ten. */
export function passesVerhoeff(digits: Digits): boolean {
  let check = 0;
  for (let place = 0; place < digits.length; place += 1) {
    const permuted = permutation[(place % 8) * 10 + value(digits, digits.length - 1 - place)] as number;
    check = dihedral[check * 10 + permuted] as number;
  }
  return check === 0;
}

/** Whether every digit is the same, as in numbers that people make up. */
export function isOneDigit(digits: Digits): boolean {
  for (let at = 1; at < digits.length; at += 1) if (digits[at] !== digits[0]) return false;
  return true;
}

/** Whether month and day may stand together in a date; the year is not asked. */
export function isMonthAndDay(month: number, day: number): boolean {
  return (
    month >= 1 && month <= 12 && day >= 1 && day <= (month === 2 ? 29 : month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31)
  );
}
