/** National numbers of the Americas. */
import { isOneDigit, passesLuhn, weightedSum } from '../checksum.ts';
import type { NumberDetector } from '../detector.ts';

/** Areas, groups and serials that the Social Security Administration never gave out, and two numbers of advertisements. */
function isSocialSecurity(digits: string): boolean {
  if (/^(?:000|666|9)|^...00|0000$/.test(digits)) return false;
  return digits !== '078051120' && digits !== '219099999' && digits !== '123456789' && !isOneDigit(digits);
}

const mod11Digit = (sum: number): number => (sum % 11 < 2 ? 0 : 11 - (sum % 11));

function isCpf(digits: string): boolean {
  if (isOneDigit(digits)) return false;
  const first = mod11Digit(weightedSum(digits, [10, 9, 8, 7, 6, 5, 4, 3, 2]));
  const second = mod11Digit(weightedSum(digits, [11, 10, 9, 8, 7, 6, 5, 4, 3, 2]));
  return digits.endsWith(`${first}${second}`);
}

function isCnpj(digits: string): boolean {
  if (isOneDigit(digits)) return false;
  const first = mod11Digit(weightedSum(digits, [5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2]));
  const second = mod11Digit(weightedSum(digits, [6, 5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2]));
  return digits.endsWith(`${first}${second}`);
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
    isValid: (digits: string): boolean => digits[0] !== '0' && digits[0] !== '8' && passesLuhn(digits) && !isOneDigit(digits),
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
