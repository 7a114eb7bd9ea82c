/** Phone numbers, international and as they are written within a country. */
import { isAlphanumeric, isDigit } from '../characters.ts';
import type { FreeNumberDetector, Range, Surroundings } from '../detector.ts';
import { isHinted } from '../hint.ts';
import { separatorOf, startsNumber } from '../shapes.ts';
import { isInternationalNumber, nationalPlansOf } from './numbering-plans.ts';

const digitsMin = 7;
const nationalMin = 9;
/** The layouts below have nine to eleven digits. */
const layoutMax = 11;
const digitsMax = 17;
const groupsMax = 8;
const hint =
  /phone|\btel\b|tel[.:]|t[ée]l[ée]f|mobil|m[óo]vil|\bcell|celular|\bcall(?![(a-z])|\bcall(?:ed|ing) |\bfax|whats ?app|\bsms\b|\btext\b|contact|handy|rufnummer|anruf|appel|llam|ligue|numéro|телефон|電話|电话|手机|फ़ोन|फोन/i;

/** How numbers without a trunk prefix are grouped where they stand without a telling word. */
const layouts: Readonly<Record<string, readonly string[]>> = {
  US: ['3 3 4', '1 3 3 4'],
  BR: ['2 5 4', '2 4 4'],
  IN: ['5 5'],
  ES: ['3 3 3', '3 2 2 2', '2 3 2 2'],
  IT: ['3 3 4', '3 7', '2 4 4', '2 8', '3 3 2 2'],
};
const regionsByLayout = new Map<string, string[]>();
for (const [region, forms] of Object.entries(layouts)) {
  for (const layout of forms) regionsByLayout.set(layout, [...(regionsByLayout.get(layout) ?? []), region]);
}

/** What is read of a number. One instance is reused: nothing is kept from one look to the next. */
const read = { digits: '', count: 0, lengths: new Uint8Array(groupsMax), ends: new Uint32Array(groupsMax), points: 0 };

/** Reads groups of digits from `at`; brackets and up to three separators may stand between them. */
function readNumber(text: string, at: number): void {
  read.digits = '';
  read.count = 0;
  read.points = 0;
  let position = at;
  while (read.count < groupsMax && read.digits.length < digitsMax) {
    let end = position;
    while (end - position <= digitsMax && isDigit(text.charCodeAt(end))) end += 1;
    // The trunk prefix in brackets, +44 (0)20 …, is not dialled behind a calling code.
    const isTrunk = end - position === 1 && text.charCodeAt(end) === 41 && text.charCodeAt(position) === 48 && read.count > 0;
    if (!isTrunk) {
      read.digits += text.slice(position, end);
      read.lengths[read.count] = end - position;
      read.ends[read.count] = end;
      read.count += 1;
    }
    position = nextGroup(text, end);
    if (position === -1) return;
  }
}

/** Where the next group of digits begins, -1 if none follows. */
function nextGroup(text: string, end: number): number {
  for (let at = end; at < end + 4; at += 1) {
    const code = text.charCodeAt(at);
    if (isDigit(code)) return at;
    if (code === 46) read.points += 1;
    if (separatorOf(code) === 0 && code !== 40 && code !== 41) return -1;
  }
  return -1;
}

/** 2024-05-06, 06.05.2024, 06/05/24. */
function isDate(): boolean {
  if (read.count < 3 || read.lengths[1] !== 2) return false;
  const first = read.lengths[0];
  const third = read.lengths[2];
  return (first === 4 && third === 2) || (first === 2 && (third === 4 || (third === 2 && read.count === 3)));
}

/** Whether nothing behind the number goes on with it. */
function isEnd(text: string, end: number): boolean {
  const after = text.charCodeAt(end);
  if (isAlphanumeric(after) || after === 95) return false;
  return !((after === 46 || after === 45 || after === 58) && isDigit(text.charCodeAt(end + 1)));
}

/** Whether the first `count` groups, of which `digits` are the digits, are written as the number is within a country. */
function isNational(digits: string, count: number, regions: readonly string[]): boolean {
  if (count === 1 || digits.startsWith('00') || (read.points > 0 && count < 3)) return false;
  if (digits[0] === '0' && digits.length >= nationalMin && read.lengths[0] !== 1 && nationalPlansOf(regions).national.test(digits))
    return true;
  if (digits.length < nationalMin || digits.length > layoutMax) return false;
  const known = regionsByLayout.get(read.lengths.subarray(0, count).join(' '));
  return known?.some((region) => regions.includes(region) && isWritten(digits, alone(region))) === true;
}

/** One array per region: the plans are kept by array. */
const alone = (region: string): readonly string[] => singles[region] ?? [];
const singles: Readonly<Record<string, readonly string[]>> = Object.fromEntries(Object.keys(layouts).map((region) => [region, [region]]));

function isWritten(digits: string, regions: readonly string[]): boolean {
  const { national, subscriber } = nationalPlansOf(regions);
  return national.test(digits) || (digits.length >= nationalMin && subscriber.test(digits));
}

/** 0049 30 901820, 00 49 …; 0.098 is no number, and 000 no area. */
const isDialled = (digits: string): boolean =>
  digits.length >= 10 && digits.startsWith('00') && read.points === 0 && read.lengths[0] !== 1 && read.lengths[0] !== 3;

/** The longest run of groups from `start` that is a number. */
function longest(text: string, start: number, isInternational: boolean, { key, phoneRegions }: Surroundings): Range | undefined {
  let hinted: boolean | undefined;
  let length = read.digits.length;
  for (let count = read.count; count > 0 && length >= digitsMin; count -= 1) {
    const end = read.ends[count - 1] as number;
    const digits = read.digits.slice(0, length);
    length -= read.lengths[count - 1] as number;
    if (digits.length > digitsMax || !isEnd(text, end)) continue;
    if (isInternational) {
      if (digits.length > digitsMin && isInternationalNumber(digits)) return { start, end };
      continue;
    }
    if (isDialled(digits) && isInternationalNumber(digits.slice(2))) return { start, end };
    if (isNational(digits, count, phoneRegions)) return { start, end };
    if (hinted === false || !isWritten(digits, phoneRegions)) continue;
    hinted ??= isHinted(hint, text, start, read.ends[read.count - 1] as number, key);
    if (hinted) return { start, end };
  }
  return undefined;
}

/** Whether there are too few digits, or brackets in which others may stand. */
function isShort(text: string, { groups }: Surroundings): boolean {
  if (groups.digits >= digitsMin) return false;
  const after = text.charCodeAt(groups.end);
  return after !== 41 && after !== 40 && text.charCodeAt(groups.end + 1) !== 40;
}

export const phoneDetectors = [
  {
    name: 'phone',
    doc: "Phone numbers that the country's numbering plan allows: international with + or 00, national in the usual grouping of the configured regions, other groupings and bare digits where a word such as phone or tel stands near by.",
    preset: 'pii',
    number: 'long or grouped',
    cost: 64,
    find: (text: string, at: number, surroundings: Surroundings): Range | undefined => {
      if (isShort(text, surroundings)) return undefined;
      let start = at;
      let before = text.charCodeAt(at - 1);
      const isInternational = before === 43 && !isAlphanumeric(text.charCodeAt(at - 2));
      if (isInternational) {
        start -= 1;
        before = text.charCodeAt(start - 1);
      } else if (!startsNumber(text, at)) return undefined;
      if (before === 40 && !isAlphanumeric(text.charCodeAt(start - 2))) start -= 1;
      readNumber(text, at);
      return !isInternational && isDate() ? undefined : longest(text, start, isInternational, surroundings);
    },
  },
] as const satisfies readonly FreeNumberDetector[];
