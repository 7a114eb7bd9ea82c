/** National numbers of Europe. */
import { isDigit, isWord } from '../characters.ts';
import { isMonthAndDay, isOneDigit, passesLuhn, passesMod11And10, weightedSum } from '../checksum.ts';
import type { NumberDetector, Range, WordDetector, WordPlaceDetector } from '../detector.ts';
import { type Digits, numberAt } from '../digits.ts';

function isNhs(digits: Digits): boolean {
  const check = (11 - (weightedSum(digits, [10, 9, 8, 7, 6, 5, 4, 3, 2]) % 11)) % 11;
  return check === digits[9] && !isOneDigit(digits);
}

/** Of the first ten digits one comes twice or three times, the others at most once (Bundeszentralamt für Steuern). */
function isSteuerId(digits: Digits): boolean {
  if (digits[0] === 0) return false;
  let seen = 0;
  let repeated = -1;
  let count = 1;
  for (let at = 0; at < 10; at += 1) {
    const digit = digits[at] as number;
    const bit = 1 << digit;
    if ((seen & bit) !== 0) {
      if (repeated !== -1 && repeated !== digit) return false;
      repeated = digit;
      count += 1;
    }
    seen |= bit;
  }
  return (count === 2 || count === 3) && passesMod11And10(digits);
}

/** Before which of the fifteen places a space may stand, as bits. */
const nirGaps = [1, 3, 5, 7, 10, 13].reduce((bits, place) => bits | (1 << place), 0);

/** Sex, year, month, department, commune and serial, and a key by 97. Corsica's departments 2A and 2B count as 19 and 18. Walks once, as most groups of digits end it soon. */
function nirAt(text: string, start: number): Range | undefined {
  let at = start;
  let month = 0;
  let remainder = 0;
  let key = 0;
  for (let place = 0; place < 15; place += 1, at += 1) {
    if (text.charCodeAt(at) === 32 && (nirGaps & (1 << place)) !== 0) at += 1;
    const code = text.charCodeAt(at);
    const isCorsica = place === 6 && (code | 32) >= 97 && (code | 32) <= 98 && text.charCodeAt(at - 1) === 50;
    if (isCorsica) remainder = (remainder + 96) % 97;
    else if (!isDigit(code)) return undefined;
    const digit = isCorsica ? 106 - (code | 32) : code - 48;
    if (place === 0 && !(digit === 7 || digit === 8 || (digit >= 1 && digit <= 4))) return undefined;
    if (place === 3) month = digit;
    else if (place === 4) {
      month = month * 10 + digit;
      if (month === 0 || (month > 12 && month < 20)) return undefined;
    }
    if (place < 13) remainder = (remainder * 10 + digit) % 97;
    else key = key * 10 + digit;
  }
  return 97 - remainder === key && !goesOn(text, at) ? { start, end: at } : undefined;
}

/** Whether a word goes on at `end`. */
const goesOn = (text: string, end: number): boolean => isWord(text.charCodeAt(end)) || text.charCodeAt(end) === hyphen;

const hyphen = 45;
const point = 46;
const nifLetters = 'TRWAGMYFPDXBNJZSQVHLCKE';

/** Eight digits, 12.345.678 also, or X, Y or Z (0, 1, 2) and seven digits; and the letter that the remainder by 23 tells. */
function nifAt(text: string, start: number): Range | undefined {
  const first = text.charCodeAt(start);
  const isForeigner = first >= 88 && first <= 90;
  const isPointed = text.charCodeAt(start + 2) === point;
  let number = isForeigner ? first - 88 : 0;
  let at = isForeigner ? start + 1 : start;
  if (isForeigner && text.charCodeAt(at) === hyphen) at += 1;
  for (let place = isForeigner ? 1 : 0; place < 8; place += 1, at += 1) {
    if (isPointed && !isForeigner && (place === 2 || place === 5)) {
      if (text.charCodeAt(at) !== point) return undefined;
      at += 1;
    }
    const code = text.charCodeAt(at);
    if (!isDigit(code)) return undefined;
    number = number * 10 + code - 48;
  }
  const separator = text.charCodeAt(at);
  if (separator === hyphen || (separator === 32 && !isForeigner)) at += 1;
  if (text.charCodeAt(at) !== nifLetters.charCodeAt(number % 23) || goesOn(text, at + 1)) return undefined;
  return at === start + 8 && isDayBeforeTime(number, text.charCodeAt(at)) ? undefined : { start, end: at + 1 };
}

/** A day before a time, 20240506T, is no DNI. */
function isDayBeforeTime(number: number, letter: number): boolean {
  const year = Math.floor(number / 10_000);
  return letter === 84 && year >= 1900 && year <= 2099 && isMonthAndDay(Math.floor(number / 100) % 100, number % 100);
}

/** What a character counts on the odd places (the first is odd) of a codice fiscale (decree of 23 December 1976). Digits count as the letters A to J. */
const oddPlaces = [1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23];

function isCodiceFiscale(found: string): boolean {
  const text = found.toUpperCase();
  let sum = 0;
  for (let at = 0; at < 15; at += 1) {
    const code = text.charCodeAt(at);
    const value = code < 58 ? code - 48 : code - 65;
    sum += at % 2 === 0 ? (oddPlaces[value] as number) : value;
  }
  return sum % 26 === text.charCodeAt(15) - 65;
}

const isBsn = (digits: Digits): boolean => {
  const sum = weightedSum(digits, [9, 8, 7, 6, 5, 4, 3, 2]) - (digits[8] as number);
  return sum % 11 === 0 && !isOneDigit(digits);
};

/** The century stands in the month: 20 is added for 2000 to 2099, 80 for 1800 to 1899. */
function isPesel(digits: Digits): boolean {
  if (!isMonthAndDay(numberAt(digits, 2, 2) % 20, numberAt(digits, 4, 2))) return false;
  return (10 - (weightedSum(digits, [1, 3, 7, 9, 1, 3, 7, 9, 1, 3]) % 10)) % 10 === digits[10];
}

/** The day of a coordination number is 60 higher. */
function isPersonnummer(digits: Digits): boolean {
  const century = digits.length - 10;
  return isMonthAndDay(numberAt(digits, century + 2, 2), numberAt(digits, century + 4, 2) % 60) && passesLuhn(digits, century);
}

export const europeanNumbers = [
  {
    name: 'uk_nhs',
    doc: 'UK NHS numbers with their check digit; grouped or bare they look like phone numbers, so NHS has to stand near by.',
    preset: 'pii',
    shapes: [],
    hintedShapes: ['3 3 4', '3-3-4', '10'],
    hint: /nhs/i,
    isValid: isNhs,
  },
  {
    name: 'germany_tax_id',
    doc: 'German Steuer-ID: the check by ISO 7064 MOD 11,10, and one digit repeated.',
    preset: 'pii',
    shapes: ['11', '2 3 3 3'],
    isValid: isSteuerId,
  },
  {
    name: 'netherlands_bsn',
    doc: 'Dutch BSN with the eleven-test; BSN or burgerservicenummer has to stand near by.',
    preset: 'pii',
    shapes: [],
    hintedShapes: ['9', '4.2.3', '3 3 3', '4 2 3'],
    hint: /bsn|burger ?service ?nummer|sofi-?nummer|citizen service/i,
    isValid: isBsn,
  },
  {
    name: 'poland_pesel',
    doc: 'Polish PESEL: a date and the check digit.',
    preset: 'pii',
    shapes: ['11'],
    isValid: isPesel,
  },
  {
    name: 'sweden_personnummer',
    doc: "Swedish personnummer as 850709-9805: a date and Luhn's check. Bare ones look like times and need personnummer near by.",
    preset: 'pii',
    shapes: ['6-4', '8-4'],
    hintedShapes: ['10', '12'],
    hint: /person(?:al)?[ _-]?(?:nummer|number|nr)|personnr|samordningsnummer|\bpnr\b/i,
    isValid: isPersonnummer,
  },
] as const satisfies readonly NumberDetector[];

export const europeanWords = [
  {
    name: 'uk_nino',
    doc: 'UK national insurance numbers in capitals: the prefixes in use and a suffix A to D. There is no check digit.',
    preset: 'pii',
    letters: [2],
    digits: [2, 4, 6],
    pattern:
      /(?!BG|GB|KN|NK|NT|TN|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z](?:\d{6}|[ -]\d\d[ -]?\d\d[ -]?\d\d[ -]?|\d\d[ -]\d\d[ -]\d\d[ -]?)[A-D](?![A-Za-z\d_-])/y,
  },
  {
    name: 'france_nir',
    doc: 'French social security numbers (NIR) with their key, Corsica included.',
    preset: 'pii',
    letters: [0],
    // Spaces are free, and Corsica's letter ends a group.
    digits: [1, 3, 5, 6, 7, 10, 13, 15],
    find: nirAt,
  },
  {
    name: 'spain_nif',
    doc: 'Spanish DNI and NIE with their check letter.',
    preset: 'pii',
    letters: [0, 1],
    digits: [2, 7, 8],
    find: nifAt,
  },
  {
    name: 'italy_fiscal_code',
    doc: 'Italian codice fiscale with its check letter.',
    preset: 'pii',
    letters: [6],
    digits: [2],
    pattern: /[A-Z]{6}\d\d[A-EHLMPRST]\d\d[A-Z][\dL-NP-V]{3}[A-Z](?![A-Za-z\d_-])/iy,
    isValid: isCodiceFiscale,
  },
] as const satisfies readonly (WordDetector | WordPlaceDetector)[];
