import { OttlError } from '../../fault.ts';

/** Names of months, days and halves of the day; each may have several spellings. */
export interface CalendarNames {
  readonly months: readonly (readonly string[])[];
  readonly shortMonths: readonly (readonly string[])[];
  readonly weekdays: readonly (readonly string[])[];
  readonly shortWeekdays: readonly (readonly string[])[];
  /** Before noon, after noon. */
  readonly halves: readonly (readonly string[])[];
}

export const englishMonths = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
] as const;
export const englishWeekdays = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'] as const;

const short = (name: string): readonly string[] => [name.slice(0, 3)];

export const english: CalendarNames = {
  months: englishMonths.map((name) => [name]),
  shortMonths: englishMonths.map(short),
  weekdays: englishWeekdays.map((name) => [name]),
  shortWeekdays: englishWeekdays.map(short),
  halves: [['AM'], ['PM']],
};

/** As it is, without points, and without points and spaces: people write `p. m.`, `p.m.` and `pm`. */
function spellings(name: string): readonly string[] {
  const plain = name.replace(/[\u00a0\u202f]/g, ' ');
  return [...new Set([plain, plain.replaceAll(' ', ''), plain.replaceAll('.', ''), plain.replace(/[. ]/g, '')])];
}

const known = new Map<string, CalendarNames>();
const knownMax = 100;

/** The names in a language, from the runtime's CLDR data. `locale` is a BCP 47 tag. */
export function namesOf(locale: string): CalendarNames {
  const names = known.get(locale) ?? makeNames(locale);
  if (known.size >= knownMax) known.clear();
  known.set(locale, names);
  return names;
}

function isSupported(locale: string): boolean {
  try {
    return Intl.DateTimeFormat.supportedLocalesOf(locale).length > 0;
  } catch {
    return false;
  }
}

function makeNames(locale: string): CalendarNames {
  if (!isSupported(locale)) {
    throw new OttlError(`unsupported locale '${locale}', value must be a supported BCP 47 language tag`, { parameter: 'locale' });
  }
  const name = (options: Intl.DateTimeFormatOptions, type: string, time: number): readonly string[] => {
    const parts = new Intl.DateTimeFormat(locale, { ...options, timeZone: 'UTC', calendar: 'gregory' }).formatToParts(time);
    return spellings(parts.find((part) => part.type === type)?.value ?? '');
  };
  const months = Array.from({ length: 12 }, (_, month) => Date.UTC(2023, month, 15));
  const days = Array.from({ length: 7 }, (_, day) => Date.UTC(2023, 0, 1 + day));
  const hours = [Date.UTC(2023, 0, 1, 3), Date.UTC(2023, 0, 1, 15)];
  const inDate = (options: Intl.DateTimeFormatOptions) => (time: number) => [
    ...new Set([...name(options, 'month', time), ...name({ ...options, day: 'numeric' }, 'month', time)]),
  ];
  return {
    months: months.map(inDate({ month: 'long' })),
    shortMonths: months.map(inDate({ month: 'short' })),
    weekdays: days.map((time) => name({ weekday: 'long' }, 'weekday', time)),
    shortWeekdays: days.map((time) => name({ weekday: 'short' }, 'weekday', time)),
    halves: hours.map((time) => name({ hour: 'numeric', hour12: true }, 'dayPeriod', time)),
  };
}
