/** Phone numbers, international and as they are written within a country. */
import { bytes } from '../../../../model/bytes.ts';
import { isAlphanumeric, isDigit } from '../characters.ts';
import type { FreeNumberDetector, Range, Surroundings } from '../detector.ts';
import { separatorOf, startsNumber } from '../shapes.ts';
import { callingPlanOf, type Numbers, nationalPlansOf } from './numbering-plans.ts';

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
/** One array per region: the plans are kept by array. */
const regionsByLayout = new Map<number, (readonly [string])[]>();
for (const [region, forms] of Object.entries(layouts)) {
  const alone = [region] as const;
  for (const form of forms) {
    const layout = form.split(' ').reduce((sum, length) => sum * 32 + Number(length), 0);
    regionsByLayout.set(layout, [...(regionsByLayout.get(layout) ?? []), alone]);
  }
}
const layoutGroupsMax = 4;
/** How layouts begin. */
const layoutBeginnings = new Set([...regionsByLayout.keys()].flatMap((layout) => [layout, layout >> 5, layout >> 10, layout >> 15]));
/** What a number takes in the text at most: its digits, and three separators before each of its groups. */
const numberLengthMax = digitsMax + 1 + 3 * groupsMax;

/** What is read of a number. One instance is reused: nothing is kept from one look to the next. */
const read = {
  size: 0,
  count: 0,
  points: 0,
  digits: new Uint8Array(2 * digitsMax + 2),
  /** By group: its length, where it ends in the text, and how many digits there are up to its end. */
  lengths: new Uint8Array(groupsMax),
  ends: new Uint32Array(groupsMax),
  sizes: new Uint8Array(groupsMax),
  /** The digits as text. */
  ascii: bytes.allocUnsafeSlow(2 * digitsMax + 2),
};

/** Reads groups of digits from `at` until there are enough; brackets and up to three separators may stand between them. No text is made: most numbers are nobody's. */
function readNumber(text: string, at: number, groupsEnough: number, digitsEnough: number): void {
  read.size = 0;
  read.count = 0;
  read.points = 0;
  let position = at;
  while (read.count < groupsEnough && read.size < digitsEnough) {
    let end = position;
    let size = read.size;
    for (; end - position <= digitsMax && isDigit(text.charCodeAt(end)); end += 1, size += 1) {
      const code = text.charCodeAt(end);
      read.digits[size] = code - 48;
      read.ascii[size] = code;
    }
    // The trunk prefix in brackets, +44 (0)20 …, is not dialled behind a calling code.
    const isTrunk = end - position === 1 && text.charCodeAt(end) === 41 && text.charCodeAt(position) === 48 && read.count > 0;
    if (!isTrunk) {
      read.size = size;
      read.lengths[read.count] = end - position;
      read.ends[read.count] = end;
      read.sizes[read.count] = size;
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

/** Whether the digits from `from` to `to` are one of `numbers`. */
function isOf(numbers: Numbers, from: number, to: number): boolean {
  const pattern = numbers[to - from];
  return pattern?.test(read.ascii.latin1Slice(from, to)) === true;
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

/** Whether the first `count` groups, which have `size` digits, are written as the number is within a country. */
function isNational(count: number, size: number, regions: readonly string[]): boolean {
  if (count === 1 || size < nationalMin || (read.points > 0 && count < 3)) return false;
  if (read.digits[0] === 0) {
    if (read.digits[1] === 0) return false;
    if (read.lengths[0] !== 1 && isOf(nationalPlansOf(regions).withZero, 0, size)) return true;
  }
  if (size > layoutMax || count > layoutGroupsMax) return false;
  const known = regionsByLayout.get(layoutOf(count));
  return known?.some((region) => regions.includes(region[0]) && isWritten(size, region)) === true;
}

/** The lengths of the first `count` groups as one number. */
function layoutOf(count: number): number {
  let layout = 0;
  for (let group = 0; group < count; group += 1) layout = layout * 32 + (read.lengths[group] as number);
  return layout;
}

function isWritten(size: number, regions: readonly string[]): boolean {
  const { withZero, withoutZero, subscribers } = nationalPlansOf(regions);
  const dialled = (read.digits[0] === 0 ? withZero : withoutZero)[size];
  const bare = size >= nationalMin ? subscribers[size] : undefined;
  if (dialled === undefined && bare === undefined) return false;
  const digits = read.ascii.latin1Slice(0, size);
  return dialled?.test(digits) === true || (bare !== dialled && bare?.test(digits) === true);
}

/** 0049 30 901820, 00 49 …; 0.098 is no number, and 000 no area. */
const isDialled = (): boolean =>
  read.digits[0] === 0 && read.digits[1] === 0 && read.size >= 10 && read.points === 0 && read.lengths[0] !== 1 && read.lengths[0] !== 3;

/** The longest run of groups from `start` that is a number behind its calling code, whose digits begin at `from`. */
function longestInternational(text: string, start: number, from: number): Range | undefined {
  const plan = callingPlanOf(read.digits, from);
  if (plan === undefined) return undefined;
  for (let count = read.count; count > 0; count -= 1) {
    const size = read.sizes[count - 1] as number;
    if (size <= digitsMin) return undefined;
    const end = read.ends[count - 1] as number;
    if (size <= digitsMax && isEnd(text, end) && isOf(plan.numbers, from + plan.code, size)) return { start, end };
  }
  return undefined;
}

/** The longest run of groups from `start` that is a number as written within a country. */
function longestNational(text: string, start: number, { hints, phoneRegions }: Surroundings, isUnhinted: boolean): Range | undefined {
  const dialled = isDialled() ? longestInternational(text, start, 2) : undefined;
  const textEnd = read.ends[read.count - 1] as number;
  let hinted = isUnhinted ? false : hints.isCheap(hint, start) ? hints.has(hint, text, start, textEnd) : undefined;
  for (let count = read.count; count > 0; count -= 1) {
    const size = read.sizes[count - 1] as number;
    if (size < digitsMin) return undefined;
    const end = read.ends[count - 1] as number;
    if (dialled !== undefined && dialled.end === end) return dialled;
    if (size > digitsMax || !isEnd(text, end)) continue;
    if (isNational(count, size, phoneRegions)) return { start, end };
    if (hinted === false || !isWritten(size, phoneRegions)) continue;
    hinted ??= hints.has(hint, text, start, textEnd);
    if (hinted) return { start, end };
  }
  return undefined;
}

/** Whether there are too few digits, or brackets in which others may stand. */
function isShort(text: string, at: number): boolean {
  let digits = 0;
  for (let end = at; ; end += 1) {
    const code = text.charCodeAt(end);
    if (isDigit(code)) {
      digits += 1;
      if (digits === digitsMin) return false;
    } else if (separatorOf(code) === 0 || !isDigit(text.charCodeAt(end + 1))) {
      return code !== 41 && code !== 40 && text.charCodeAt(end + 1) !== 40;
    }
  }
}

/** Whether the groups from `at` may be a number where no word tells so: behind a trunk prefix, or in a country's layout. Most numbers end here, before they are read. */
function mayStandAlone(text: string, at: number): boolean {
  if (text.charCodeAt(at) === 48) return true;
  let layout = 0;
  let position = at;
  for (let group = 0; group < layoutGroupsMax; group += 1) {
    let end = position;
    while (end - position <= layoutMax && isDigit(text.charCodeAt(end))) end += 1;
    layout = layout * 32 + end - position;
    if (regionsByLayout.has(layout)) return true;
    if (!layoutBeginnings.has(layout)) return false;
    for (position = end; position < end + 4 && !isDigit(text.charCodeAt(position)); position += 1) {
      const code = text.charCodeAt(position);
      if (code === 40 || code === 41) return true;
      if (separatorOf(code) === 0) return false;
    }
    if (position === end + 4) return false;
  }
  return false;
}

export const phoneDetectors = [
  {
    name: 'phone',
    doc: "Phone numbers that the country's numbering plan allows: international with + or 00, national in the usual grouping of the configured regions, other groupings and bare digits where a word such as phone or tel stands near by.",
    preset: 'pii',
    number: 'long or grouped',
    cost: 64,
    find: (text: string, at: number, surroundings: Surroundings): Range | undefined => {
      let start = at;
      let before = text.charCodeAt(at - 1);
      const isInternational = before === 43 && !isAlphanumeric(text.charCodeAt(at - 2));
      if (isInternational) {
        start -= 1;
        before = text.charCodeAt(start - 1);
      } else if (!startsNumber(text, at)) return undefined;
      if (isShort(text, at)) return undefined;
      const isUnhinted = !isInternational && !surroundings.hints.mayHave(hint, text, start, at + numberLengthMax);
      if (isUnhinted && !mayStandAlone(text, at)) return undefined;
      if (before === 40 && !isAlphanumeric(text.charCodeAt(start - 2))) start -= 1;
      const isInLayout = isUnhinted && text.charCodeAt(at) !== 48;
      readNumber(text, at, isInLayout ? layoutGroupsMax : groupsMax, isInLayout ? layoutMax : digitsMax);
      if (read.size < digitsMin) return undefined;
      if (isInternational) return longestInternational(text, start, 0);
      return isDate() ? undefined : longestNational(text, start, surroundings, isUnhinted);
    },
  },
] as const satisfies readonly FreeNumberDetector[];
