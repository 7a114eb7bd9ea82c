/**
 * Whether digits are a phone number, by the numbering plans of libphonenumber-js.
 *
 * Its parser takes 5 to 30 µs per candidate, whether it is a number or not; a page of numbers would take longer than all other detectors together. Its
 * metadata (METADATA.md of the library) has each country's pattern, which answers the same in a tenth of a microsecond.
 */
import metadata from 'libphonenumber-js/min/metadata';

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

const oneOf = (patterns: readonly string[]): RegExp => (patterns.length === 0 ? /^(?!)/ : new RegExp(`^(?:${patterns.join('|')})$`));

/** The numbers behind one calling code. */
export interface CallingPlan {
  /** Whether the digits from `from`, where the calling code stands, to `end` are a number. */
  has(digits: string, from: number, end: number): boolean;
}

/** Calling codes by three digits: no code begins with another one. Text that is no number is mostly told by this alone. */
const codeOf: readonly (string | undefined)[] = Array.from({ length: 1000 }, (_, first) => {
  const digits = String(first).padStart(3, '0');
  return [1, 2, 3].map((length) => digits.slice(0, length)).find((code) => callingCodes[code] !== undefined);
});

const plans = new Map<string, CallingPlan>();

/** `undefined` where nobody has that calling code. `digits` has three and more from `from`. */
export function callingPlanOf(digits: string, from: number): CallingPlan | undefined {
  const code = codeOf[Number(digits.slice(from, from + 3))];
  if (code === undefined) return undefined;
  let plan = plans.get(code);
  if (plan === undefined) {
    plan = callingPlan(code);
    plans.set(code, plan);
  }
  return plan;
}

function callingPlan(code: string): CallingPlan {
  const countries = callingCodes[code] ?? [];
  const isNumber = anyOf(countries.flatMap((country) => planOf(country) ?? []));
  return { has: (digits, from, end) => isNumber(digits.slice(from + code.length, end)) };
}

/** The numbers of some countries. */
export interface NationalPlans {
  /** As written within the country: with its trunk prefix where that is 0. */
  isNational(digits: string): boolean;
  /** Without the trunk prefix, as mobile numbers often are. */
  isSubscriber(digits: string): boolean;
}

const byRegions = new WeakMap<readonly string[], NationalPlans>();

export function nationalPlansOf(regions: readonly string[]): NationalPlans {
  const known = byRegions.get(regions);
  if (known !== undefined) return known;
  const plans = regions.flatMap((region) => planOf(region) ?? []);
  const isWithZero = anyOf(plans.map(nationalForm));
  // Most numbers begin with another digit, and few countries write theirs so.
  const isWithoutZero = anyOf(plans.filter(({ trunk }) => trunk !== '0').map(nationalForm));
  const isSubscriber = anyOf(plans);
  const made = { isNational: (digits: string) => (digits.startsWith('0') ? isWithZero(digits) : isWithoutZero(digits)), isSubscriber };
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

/** Lengths are asked first: that costs nothing, and a pattern of ten countries a tenth of a microsecond. */
function anyOf(forms: readonly Form[]): (digits: string) => boolean {
  const pattern = oneOf([...new Set(forms.map((form) => form.pattern))]);
  const lengths = forms.flatMap((form) => form.lengths).reduce((mask, length) => mask | (1 << length), 0);
  return (digits) => (lengths & (1 << digits.length)) !== 0 && pattern.test(digits);
}
