/**
 * Phone numbers, international and as they are written within a country.
 *
 * The groups of digits are walked once through an automaton of all plans, which tells at the end of each group whether the digits so far are a number.
 */
import { isAlphanumeric, isDigit } from '../characters.ts';
import type { FreeNumberDetector, Range, Surroundings } from '../detector.ts';
import type { Row } from '../row.ts';
import { startsNumber } from '../shapes.ts';
import { dialled, internationalNumbers, layoutBits, layoutWith, nationalNumbers } from './numbering-plans.ts';

const digitsMin = 7;
const nationalMin = 9;
/** The layouts of countries have up to eleven digits in up to four groups. */
const layoutMax = 11;
const layoutGroupsMax = 4;
const groupsMax = 8;
const zero = 0;

const hint =
  /phone|\btel\b|tel[.:]|t[ée]l[ée]f|mobil|m[óo]vil|\bcell|celular|\bcall(?![(a-z])|\bcall(?:ed|ing) |\bfax|whats ?app|\bsms\b|\btext\b|contact|handy|rufnummer|anruf|appel|llam|ligue|numéro|телефон|電話|电话|手机|फ़ोन|फोन/i;

/** 2024-05-06, 06.05.2024, 06/05/24. */
function isDate(row: Row): boolean {
  if (row.length(1) !== 2) return false;
  const first = row.length(0);
  const third = row.length(2);
  return (first === 4 && third === 2) || (first === 2 && (third === 4 || (third === 2 && row.length(3) === 0)));
}

/** Whether nothing behind the number goes on with it. */
function isEnd(text: string, end: number): boolean {
  const after = text.charCodeAt(end);
  if (isAlphanumeric(after) || after === 95) return false;
  return !((after === 46 || after === 45 || after === 58) && isDigit(text.charCodeAt(end + 1)));
}

/** Whether a group is the trunk prefix in brackets, +44 (0)20 …, which is not dialled behind a calling code. */
const isTrunk = (text: string, row: Row, group: number): boolean =>
  group > 0 && row.length(group) === 1 && row.digits[row.from(group)] === zero && text.charCodeAt(row.end(group)) === 41;

/** Where the longest number ends whose calling code stands behind `skipped` digits of the row, 0 if there is none. */
function internationalEnd(text: string, row: Row, skipped: number): number {
  const { start, next, accepts } = internationalNumbers();
  const { digits } = row;
  let state = start;
  let found = 0;
  let size = 0;
  for (let group = 0; group < groupsMax; group += 1) {
    const length = row.length(group);
    if (length === 0) break;
    if (isTrunk(text, row, group)) continue;
    const from = row.from(group);
    for (let at = group === 0 ? from + skipped : from; at < from + length; at += 1)
      state = next[10 * state + (digits[at] as number)] as number;
    if (state === 0) break;
    size += length;
    if (accepts[state] !== 0 && size > digitsMin + skipped && isEnd(text, row.end(group))) found = row.end(group);
  }
  return found;
}

/** Where the longest number ends that is written as within a country, 0 if there is none. */
function nationalEnd(text: string, start: number, { row, hints, phoneRegions }: Surroundings): number {
  const numbers = nationalNumbers(phoneRegions);
  const { next, accepts } = numbers;
  const { digits } = row;
  let state = numbers.start;
  let found = 0;
  let written = 0;
  let size = 0;
  let layout = 0;
  let count = 0;
  for (let group = 0; group < groupsMax; group += 1) {
    const length = row.length(group);
    if (length === 0) break;
    if (isTrunk(text, row, group)) continue;
    const from = row.from(group);
    for (let at = from; at < from + length; at += 1) state = next[10 * state + (digits[at] as number)] as number;
    if (state === 0) break;
    size += length;
    count += 1;
    if (count <= layoutGroupsMax) layout = layoutWith(layout, length);
    const accepted = accepts[state] as number;
    if (accepted === 0 || size < digitsMin || !isEnd(text, row.end(group))) continue;
    if (isNational(row, group, count, size, layout, accepted)) found = row.end(group);
    else if (accepted & dialled || size >= nationalMin) written = row.end(group);
  }
  return written > found && hints.has(hint, text, start, written) ? written : found;
}

/** Whether the groups up to `group`, which have `size` digits and are accepted, are grouped as numbers are within a country. */
function isNational(row: Row, group: number, count: number, size: number, layout: number, accepted: number): boolean {
  if (count === 1 || size < nationalMin || (count < 3 && row.points(group) > 0)) return false;
  const { digits } = row;
  const from = row.from(0);
  if (digits[from] === 0) {
    if (digits[from + 1] === 0) return false;
    if (row.length(0) !== 1 && (accepted & dialled) !== 0) return true;
  }
  return size <= layoutMax && count <= layoutGroupsMax && (layoutBits(layout) & accepted) !== 0;
}

/** Of a number without a plus sign. */
function unmarkedEnd(text: string, start: number, surroundings: Surroundings): number {
  const { row } = surroundings;
  const national = nationalEnd(text, start, surroundings);
  return isDialled(row) ? Math.max(national, internationalEnd(text, row, 2)) : national;
}

/** 0049 30 901820, 00 49 …; 0.098 is no number, and 000 no area. */
function isDialled(row: Row): boolean {
  const from = row.from(0);
  const first = row.length(0);
  return first !== 1 && first !== 3 && row.digits[from] === 0 && row.digits[from + 1] === 0 && row.points(1) === 0;
}

export const phoneDetectors = [
  {
    name: 'phone',
    doc: "Phone numbers that the country's numbering plan allows: international with + or 00, national in the usual grouping of the configured regions, other groupings and bare digits where a word such as phone or tel stands near by.",
    preset: 'pii',
    number: 'long or grouped',
    cost: 64,
    find: (text: string, at: number, surroundings: Surroundings): Range | undefined => {
      const { row } = surroundings;
      let start = at;
      let before = text.charCodeAt(at - 1);
      const isInternational = before === 43 && !isAlphanumeric(text.charCodeAt(at - 2));
      if (isInternational) {
        start -= 1;
        before = text.charCodeAt(start - 1);
      } else if (!startsNumber(text, at)) return undefined;
      if (!row.hasDigits(digitsMin)) return undefined;
      if (before === 40 && !isAlphanumeric(text.charCodeAt(start - 2))) start -= 1;
      const end = isInternational ? internationalEnd(text, row, 0) : isDate(row) ? 0 : unmarkedEnd(text, start, surroundings);
      return end === 0 ? undefined : { start, end };
    },
  },
] as const satisfies readonly FreeNumberDetector[];
