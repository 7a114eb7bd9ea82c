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
  /** What is dialled before national numbers, and left out behind the calling code. */
  readonly trunk: string;
}

const callingCodes: Readonly<Record<string, readonly string[] | undefined>> = metadata.country_calling_codes;

/** North American exchanges begin with 2 to 9; the library's smallest metadata does not ask it. */
const northAmerican = '[2-9]\\d{2}[2-9]\\d{6}';

function planOf(country: string): Plan | undefined {
  const row = (metadata.countries as Partial<Record<string, readonly unknown[]>>)[country];
  if (row === undefined) return undefined;
  return { pattern: row[0] === '1' ? northAmerican : String(row[2]), trunk: typeof row[5] === 'string' ? row[5] : '' };
}

const oneOf = (patterns: readonly string[]): RegExp => (patterns.length === 0 ? /^(?!)/ : new RegExp(`^(?:${patterns.join('|')})$`));

const byCallingCode = new Map<string, RegExp>();

/** `digits` begin with a calling code. */
export function isInternationalNumber(digits: string): boolean {
  for (let length = 1; length <= 3; length += 1) {
    const code = digits.slice(0, length);
    const countries = callingCodes[code];
    if (countries === undefined) continue;
    let pattern = byCallingCode.get(code);
    if (pattern === undefined) {
      pattern = oneOf([...new Set(countries.flatMap((country) => planOf(country)?.pattern ?? []))]);
      byCallingCode.set(code, pattern);
    }
    return pattern.test(digits.slice(length));
  }
  return false;
}

/** The numbers of some countries, each question one pattern. */
export interface NationalPlans {
  /** As written within the country: with its trunk prefix where that is 0. */
  readonly national: RegExp;
  /** Without the trunk prefix, as mobile numbers often are. */
  readonly subscriber: RegExp;
}

const byRegions = new WeakMap<readonly string[], NationalPlans>();

export function nationalPlansOf(regions: readonly string[]): NationalPlans {
  const known = byRegions.get(regions);
  if (known !== undefined) return known;
  const plans = regions.flatMap((region) => planOf(region) ?? []);
  const national = plans.map(({ pattern, trunk }) =>
    trunk === '0' ? `0(?:${pattern})` : `${trunk === '' ? '' : `(?:${trunk})?`}(?:${pattern})`,
  );
  const made = { national: oneOf(national), subscriber: oneOf(plans.map(({ pattern }) => pattern)) };
  byRegions.set(regions, made);
  return made;
}
