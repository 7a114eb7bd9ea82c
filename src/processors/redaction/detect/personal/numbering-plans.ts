/**
 * Whether digits are a phone number, by the numbering plans of libphonenumber-js.
 *
 * Its parser takes 5 to 30 µs per candidate, whether it is a number or not; a page of numbers would take longer than all other detectors together. Its
 * metadata (METADATA.md of the library) has each country's pattern, which answers the same in a tenth of a microsecond.
 */
import metadata from 'libphonenumber-js/min/metadata';
import { type Digits, numberAt } from '../digits.ts';

interface Plan {
  /** The source of a pattern. */
  readonly pattern: string;
  /** How many digits its numbers have. */
  readonly lengths: readonly number[];
  /** What is dialled before national numbers, and left out behind the calling code. */
  readonly trunk: string;
}

const callingCodes: Readonly<Record<string, readonly string[] | undefined>> = metadata.country_calling_codes;

/** North American exchanges begin with 2 to 9; the library's smallest metadata does not ask it. */
const northAmerican = '[2-9]\\d{2}[2-9]\\d{6}';

function planOf(country: string): Plan | undefined {
  const row = (metadata.countries as Partial<Record<string, readonly unknown[]>>)[country];
  if (row === undefined) return undefined;
  return {
    pattern: row[0] === '1' ? northAmerican : String(row[2]),
    lengths: row[3] as readonly number[],
    trunk: typeof row[5] === 'string' ? row[5] : '',
  };
}

/** The numbers of one country or several, by their length: one pattern of all would cost a tenth of a microsecond and more. */
export type Numbers = readonly (RegExp | undefined)[];

/** The numbers behind one calling code. */
export interface CallingPlan {
  /** How many digits the calling code has. */
  readonly code: number;
  /** Without the calling code. */
  readonly numbers: Numbers;
}

/** Calling codes by three digits: no code begins with another one. Text that is no number is mostly told by this alone. */
const codeOf: readonly (string | undefined)[] = Array.from({ length: 1000 }, (_, first) => {
  const digits = String(first).padStart(3, '0');
  return [1, 2, 3].map((length) => digits.slice(0, length)).find((code) => callingCodes[code] !== undefined);
});

const plans = new Map<string, CallingPlan>();

/** `undefined` where nobody has that calling code. `digits` has three and more from `from`. */
export function callingPlanOf(digits: Digits, from: number): CallingPlan | undefined {
  const code = codeOf[numberAt(digits, from, 3)];
  if (code === undefined) return undefined;
  let plan = plans.get(code);
  if (plan === undefined) {
    plan = { code: code.length, numbers: anyOf((callingCodes[code] ?? []).flatMap((country) => planOf(country) ?? [])) };
    plans.set(code, plan);
  }
  return plan;
}

/** The numbers of some countries. */
export interface NationalPlans {
  /** As written within the country, beginning with the trunk prefix 0. Apart from the others, as most numbers begin with another digit. */
  readonly withZero: Numbers;
  readonly withoutZero: Numbers;
  /** Without the trunk prefix, as mobile numbers often are. */
  readonly subscribers: Numbers;
}

const byRegions = new WeakMap<readonly string[], NationalPlans>();

export function nationalPlansOf(regions: readonly string[]): NationalPlans {
  const known = byRegions.get(regions);
  if (known !== undefined) return known;
  const plans = regions.flatMap((region) => planOf(region) ?? []);
  const made = {
    withZero: anyOf(plans.map(nationalForm)),
    withoutZero: anyOf(plans.filter(({ trunk }) => trunk !== '0').map(nationalForm)),
    subscribers: anyOf(plans),
  };
  byRegions.set(regions, made);
  return made;
}

interface Form {
  readonly pattern: string;
  readonly lengths: readonly number[];
}

function nationalForm({ pattern, lengths, trunk }: Plan): Form {
  if (trunk === '') return { pattern, lengths };
  const longer = lengths.map((length) => length + trunk.length);
  if (trunk === '0') return { pattern: `0(?:${pattern})`, lengths: longer };
  return { pattern: `(?:${trunk})?(?:${pattern})`, lengths: [...lengths, ...longer] };
}

/** Where two plans are the same, so is the object: who has asked one need not ask the other. */
const patterns = new Map<string, RegExp>();

function patternOf(source: string): RegExp {
  let pattern = patterns.get(source);
  if (pattern === undefined) patterns.set(source, (pattern = new RegExp(source)));
  return pattern;
}

function anyOf(forms: readonly Form[]): Numbers {
  const lengths = [...new Set(forms.flatMap((form) => form.lengths))];
  const numbers: (RegExp | undefined)[] = Array.from({ length: Math.max(0, ...lengths) + 1 });
  for (const length of lengths) {
    const sources = new Set(forms.filter((form) => form.lengths.includes(length)).map((form) => form.pattern));
    numbers[length] = patternOf(`^(?:${[...sources].join('|')})$`);
  }
  return numbers;
}
