import type { Field, Token } from './layout.ts';
import type { CalendarNames } from './names.ts';
import type { TimeText } from './time-text.ts';

/** What has been read so far; a number is -1 until it was read. */
export interface Found {
  year: number;
  month: number;
  day: number;
  yearDay: number;
  hour: number;
  minute: number;
  second: number;
  nano: number;
  /** 0 before noon, 1 after. */
  half: number;
  offsetSeconds: number | undefined;
  abbreviation: string;
}

const fractionPattern = /[.,]([0-9]+)/y;
const abbreviationPattern = /GMT[+-][0-9]{1,2}|ChST|MeST|WITA|[A-Z]{3,5}|[+-][0-9]{2}(?:[0-9]{2})?/y;

type Numeric = 'month' | 'day' | 'hour' | 'minute' | 'second' | 'yearDay';

const limits: Readonly<Record<Numeric, readonly [lowest: number, highest: number]>> = {
  month: [1, 12],
  day: [1, 31],
  hour: [0, 23],
  minute: [0, 59],
  second: [0, 59],
  yearDay: [1, 366],
};

/** Fields that are a number in a range: how many digits at most and at least, and whether spaces may stand before. */
const numbers: Partial<Record<Field, readonly [what: Numeric, most: number, least: number, padded: boolean]>> = {
  '01': ['month', 2, 2, false],
  _1: ['month', 2, 1, true],
  '1': ['month', 2, 1, false],
  '02': ['day', 2, 2, false],
  _2: ['day', 2, 1, true],
  '2': ['day', 2, 1, false],
  '002': ['yearDay', 3, 3, false],
  __2: ['yearDay', 3, 1, true],
  '15': ['hour', 2, 1, false],
  '03': ['hour', 2, 2, false],
  '3': ['hour', 2, 1, false],
  '04': ['minute', 2, 2, false],
  '4': ['minute', 2, 1, false],
  '05': ['second', 2, 2, false],
  '5': ['second', 2, 1, false],
};

function readNumber(field: Field, text: TimeText, found: Found): boolean {
  const form = numbers[field];
  if (!form) return false;
  const [what, most, least, padded] = form;
  if (padded) text.skipSpaces();
  const value = text.digits(what === 'yearDay' ? 'day of year' : what, most, least);
  const [lowest, highest] = field === '03' || field === '3' ? [0, 12] : limits[what];
  if (value < lowest || value > highest) text.fail(`${what} out of range`);
  found[what] = value;
  return true;
}

function readField(field: Field, text: TimeText, found: Found, names: CalendarNames): void {
  if (readNumber(field, text, found)) return;
  switch (field) {
    case '2006':
      found.year = text.digits('a year of four digits', 4);
      break;
    case '06': {
      const year = text.digits('a year of two digits', 2);
      found.year = year >= 69 ? 1_900 + year : 2_000 + year;
      break;
    }
    case 'Jan':
      found.month = text.name('the short name of a month', names.shortMonths) + 1;
      break;
    case 'January':
      found.month = text.name('the name of a month', names.months) + 1;
      break;
    case 'Mon':
      text.name('the short name of a day', names.shortWeekdays);
      break;
    case 'Monday':
      text.name('the name of a day', names.weekdays);
      break;
    case 'PM':
    case 'pm':
      found.half = text.name('AM or PM', names.halves);
      break;
    case 'MST':
      found.abbreviation = (text.take(abbreviationPattern) ?? text.fail('expected the short name of a time zone'))[0];
      break;
    default:
      readOffset(field, text, found);
  }
}

function readOffset(field: string, text: TimeText, found: Found): void {
  if (field[0] === 'Z' && text.text[text.at] === 'Z') {
    text.at++;
    found.offsetSeconds = 0;
    return;
  }
  const sign = text.text[text.at];
  if (sign !== '+' && sign !== '-') text.fail('expected an offset from UTC');
  text.at++;
  const colon = field.includes(':') ? ':' : '';
  let offset = text.digits('hours of an offset', 2) * 3_600;
  if (field.length > 3) {
    text.literal(colon);
    offset += text.digits('minutes of an offset', 2) * 60;
  }
  if (field.length > 6) {
    text.literal(colon);
    offset += text.digits('seconds of an offset', 2);
  }
  if (offset > 24 * 3_600) text.fail('offset out of range');
  found.offsetSeconds = sign === '-' ? -offset : offset;
}

function readFraction(text: TimeText, found: Found): number {
  const digits = text.take(fractionPattern)?.[1] ?? '';
  if (digits !== '') found.nano = Number(digits.slice(0, 9).padEnd(9, '0'));
  return digits.length;
}

/** Reads what one token stands for. After seconds a fraction may stand that the layout does not name: so Go. */
export function readToken(token: Token, next: Token | undefined, text: TimeText, found: Found, names: CalendarNames): void {
  if (token.kind === 'literal') text.literal(token.text);
  else if (token.kind === 'fraction') {
    if (readFraction(text, found) !== token.digits && token.exact) text.fail(`expected a fraction of ${token.digits} digits`);
  } else {
    readField(token.field, text, found, names);
    if ((token.field === '05' || token.field === '5') && next?.kind !== 'fraction') readFraction(text, found);
  }
}
