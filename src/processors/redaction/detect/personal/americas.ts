/** National numbers of the Americas. */
import { isOneDigit, passesLuhn, weightedSum } from '../checksum.ts';
import type { NumberDetector } from '../detector.ts';
import { type Digits, numberAt } from '../digits.ts';

/** Areas, groups and serials that the Social Security Administration never gave out, and two numbers of advertisements. */
function isSocialSecurity(digits: Digits): boolean {
  const area = numberAt(digits, 0, 3);
  if (area === 0 || area === 666 || area >= 900) return false;
  const group = numberAt(digits, 3, 2);
  const serial = numberAt(digits, 5, 4);
  return group !== 0 && serial !== 0 && !madeUp.has((area * 100 + group) * 10_000 + serial) && !isOneDigit(digits);
}

const madeUp = new Set([78_051_120, 219_099_999, 123_456_789]);

const mod11Digit = (sum: number): number => (sum % 11 < 2 ? 0 : 11 - (sum % 11));

function isCpf(digits: Digits): boolean {
  if (isOneDigit(digits)) return false;
  const first = mod11Digit(weightedSum(digits, [10, 9, 8, 7, 6, 5, 4, 3, 2]));
  return first === digits[9] && mod11Digit(weightedSum(digits, [11, 10, 9, 8, 7, 6, 5, 4, 3, 2])) === digits[10];
}

function isCnpj(digits: Digits): boolean {
  if (isOneDigit(digits)) return false;
  const first = mod11Digit(weightedSum(digits, [5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2]));
  return first === digits[12] && mod11Digit(weightedSum(digits, [6, 5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2])) === digits[13];
}

export const americanDetectors = [
  {
    name: 'us_ssn',
    doc: 'US social security numbers as 123-45-6789, without the areas never given out. There is no check digit: with spaces or bare, SSN or social security has to stand near by.',
    preset: 'pii',
    shapes: ['3-2-4'],
    hintedShapes: ['3 2 4', '9'],
    hint: /\bssn\b|social[ _-]?sec|\bsocial\b|seguro social/i,
    isValid: isSocialSecurity,
  },
  {
    name: 'canada_sin',
    doc: "Canadian social insurance numbers with Luhn's check. With spaces or bare, SIN, NAS or social insurance has to stand near by.",
    preset: 'pii',
    shapes: ['3-3-3'],
    hintedShapes: ['3 3 3', '9'],
    hint: /\bSIN\b|\bsin[ _-]?(?:number|no)|social[ _-]?insurance|\bNAS\b|assurance sociale/,
    isValid: (digits: Digits): boolean => digits[0] !== 0 && digits[0] !== 8 && passesLuhn(digits) && !isOneDigit(digits),
  },
  {
    name: 'brazil_cpf',
    doc: 'Brazilian CPF numbers, written with points or bare: both check digits.',
    preset: 'pii',
    shapes: ['3.3.3-2', '11', '9-2'],
    isValid: isCpf,
  },
  {
    name: 'brazil_cnpj',
    doc: 'Brazilian CNPJ numbers as 12.345.678/0001-95: both check digits. Bare ones look like times and need CNPJ near by. The alphanumeric form of 2026 is not known.',
    preset: 'pii',
    shapes: ['2.3.3/4-2'],
    hintedShapes: ['14', '8/4-2'],
    hint: /cnpj/i,
    isValid: isCnpj,
  },
] as const satisfies readonly NumberDetector[];
