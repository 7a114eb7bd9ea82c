/** National numbers of Asia and the Pacific. */
import { isMonthAndDay, isOneDigit, passesVerhoeff, weightedSum } from '../checksum.ts';
import type { NumberDetector, WordDetector } from '../detector.ts';
import { type Digits, digitsOf, numberAt } from '../digits.ts';

/** Three years in a row are no Aadhaar. */
const isAadhaar = (digits: Digits): boolean =>
  (digits[0] as number) >= 2 && !(is20(digits, 0) && is20(digits, 4) && is20(digits, 8)) && !isOneDigit(digits) && passesVerhoeff(digits);

const is20 = (digits: Digits, at: number): boolean => digits[at] === 2 && digits[at + 1] === 0;

/** GB 11643: region, date, serial, and a check by ISO 7064 MOD 11-2. */
function isResidentId(found: string): boolean {
  const digits = digitsOf(found, 17);
  const year = numberAt(digits, 6, 4);
  if (year < 1800 || year > 2099 || !isMonthAndDay(numberAt(digits, 10, 2), numberAt(digits, 12, 2))) return false;
  const sum = weightedSum(digits, [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]);
  return '10X98765432'[sum % 11] === found[17]?.toUpperCase();
}

const isTfn = (digits: Digits): boolean => weightedSum(digits, [1, 4, 3, 7, 5, 8, 6, 9, 10]) % 11 === 0 && !isOneDigit(digits);

const isMedicare = (digits: Digits): boolean =>
  (digits[0] as number) >= 2 &&
  (digits[0] as number) < 7 &&
  digits[9] !== 0 &&
  weightedSum(digits, [1, 3, 7, 9, 1, 3, 7, 9]) % 10 === digits[8] &&
  !isOneDigit(digits);

export const asiaPacificNumbers = [
  {
    name: 'india_aadhaar',
    doc: "Indian Aadhaar numbers in groups of four with Verhoeff's check; bare ones need Aadhaar or UIDAI near by.",
    preset: 'pii',
    shapes: ['4 4 4', '4-4-4'],
    hintedShapes: ['12'],
    hint: /aad?haa?r|uidai|\buid\b|आधार/i,
    isValid: isAadhaar,
  },
  {
    name: 'australia_tfn',
    doc: 'Australian tax file numbers with their check; TFN or tax file has to stand near by.',
    preset: 'pii',
    shapes: [],
    hintedShapes: ['3 3 3', '3-3-3', '9'],
    hint: /tfn|tax[ _-]?file/i,
    isValid: isTfn,
  },
  {
    name: 'australia_medicare',
    doc: 'Australian Medicare card numbers as 2123 45670 1 with their check digit; bare ones need Medicare near by.',
    preset: 'pii',
    shapes: ['4 5 1', '4-5-1', '4 5/1'],
    hintedShapes: ['10'],
    hint: /medicare/i,
    isValid: isMedicare,
  },
] as const satisfies readonly NumberDetector[];

export const asiaPacificWords = [
  {
    name: 'china_resident_id',
    doc: 'Chinese resident identity numbers of 18 characters: region, date and check character.',
    preset: 'pii',
    letters: [0],
    digits: [17, 18],
    pattern: /[1-9]\d{16}[\dX](?![A-Za-z\d_])/iy,
    isValid: isResidentId,
  },
  {
    name: 'india_pan',
    doc: 'Indian permanent account numbers in capitals, by their form: the fourth letter is a kind of holder. There is no public check.',
    preset: 'pii',
    letters: [5],
    digits: [4],
    pattern: /[A-Z]{3}[ABCFGHJLPT][A-Z]\d{4}[A-Z](?![A-Za-z\d_-])/y,
  },
] as const satisfies readonly WordDetector[];
