/**
 * Which digits are phone numbers, by the numbering plans of libphonenumber-js.
 *
 * Its parser takes 5 to 30 µs per candidate, whether it is a number or not; a page of numbers would take longer than all other detectors together. Its
 * metadata has each country's pattern; the patterns of the whole world together are an automaton of some six hundred states.
 */
import metadata from 'libphonenumber-js/min/metadata';
import { type DigitAutomaton, digitAutomatonOf, type Language } from './digit-automaton.ts';

/** As written within a country: with its trunk prefix, if it has one. */
export const dialled = 1;
/** Without the trunk prefix, as mobile numbers often are. */
export const subscriber = 2;

/** How numbers without a trunk prefix are grouped where they stand without a telling word, and the bit of each country. */
const layouts = [
  { region: 'US', bit: 4, forms: ['3 3 4', '1 3 3 4'] },
  { region: 'BR', bit: 8, forms: ['2 5 4', '2 4 4'] },
  { region: 'IN', bit: 16, forms: ['5 5'] },
  { region: 'ES', bit: 32, forms: ['3 3 3', '3 2 2 2', '2 3 2 2'] },
  { region: 'IT', bit: 64, forms: ['3 3 4', '3 7', '2 4 4', '2 8', '3 3 2 2'] },
] as const;

/** Groups are added to a layout, which begins as 0, one after another. */
export const layoutWith = (layout: number, length: number): number => layout * 32 + length;

const bitsByLayout = new Map<number, number>();
for (const { bit, forms } of layouts) {
  for (const form of forms) {
    const layout = form.split(' ').reduce((groups, length) => layoutWith(groups, Number(length)), 0);
    bitsByLayout.set(layout, (bitsByLayout.get(layout) ?? 0) | bit);
  }
}

/** The bits of the countries that group their numbers so. */
export const layoutBits = (layout: number): number => bitsByLayout.get(layout) ?? 0;

interface Plan {
  readonly pattern: string;
  /** How many digits its numbers have. */
  readonly lengths: readonly number[];
  /** What is dialled before national numbers, and left out behind the calling code. */
  readonly trunk: string;
}

/** North American exchanges begin with 2 to 9; the library's smallest metadata does not ask it. */
const northAmerican = '[2-9]\\d{2}[2-9]\\d{6}';

/** The rows of countries, and of calling codes that belong to no country, begin alike. */
const rows: Readonly<Partial<Record<string, readonly unknown[]>>> = { ...metadata.countries, ...metadata.nonGeographic };

const planOf = (row: readonly unknown[]): Plan => ({
  pattern: row[0] === '1' ? northAmerican : String(row[2]),
  lengths: row[3] as readonly number[],
  trunk: typeof row[5] === 'string' ? row[5] : '',
});

let world: DigitAutomaton | undefined;

/** Calling codes and the numbers behind them. */
export function internationalNumbers(): DigitAutomaton {
  world ??= digitAutomatonOf(
    Object.values(rows).flatMap((row) => {
      if (row === undefined) return [];
      const code = String(row[0]);
      const { pattern, lengths } = planOf(row);
      return [{ pattern: `${code}(?:${pattern})`, lengths: lengths.map((length) => length + code.length), bit: dialled }];
    }),
  );
  return world;
}

const byRegions = new WeakMap<readonly string[], DigitAutomaton>();
/** The one asked last: a scan asks for each number. */
let last: { readonly regions: readonly string[]; readonly numbers: DigitAutomaton } | undefined;

/** Numbers as they are written within some countries: `dialled`, `subscriber`, and the bits of `layoutBits` for what is one or the other in that country. */
export function nationalNumbers(regions: readonly string[]): DigitAutomaton {
  if (last?.regions === regions) return last.numbers;
  let numbers = byRegions.get(regions);
  if (numbers === undefined) byRegions.set(regions, (numbers = digitAutomatonOf(regions.flatMap(languagesOf))));
  last = { regions, numbers };
  return numbers;
}

function languagesOf(region: string): readonly Language[] {
  const row = rows[region];
  if (row === undefined) return [];
  const plan = planOf(row);
  const national = nationalForm(plan);
  const bit = layouts.find((layout) => layout.region === region)?.bit ?? 0;
  return [
    { ...national, bit: dialled | bit },
    { ...plan, bit: subscriber | bit },
  ];
}

function nationalForm({ pattern, lengths, trunk }: Plan): Omit<Language, 'bit'> {
  if (trunk === '') return { pattern, lengths };
  const longer = lengths.map((length) => length + trunk.length);
  if (trunk === '0') return { pattern: `0(?:${pattern})`, lengths: longer };
  return { pattern: `(?:${trunk})?(?:${pattern})`, lengths: [...lengths, ...longer] };
}
