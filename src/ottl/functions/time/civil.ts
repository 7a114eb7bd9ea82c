/** The proleptic Gregorian calendar. Months from 1, days of the week from Sunday = 0. */
export interface Civil {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly nano: number;
  readonly weekday: number;
  readonly yearDay: number;
}

const dayStarts = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334];

export function isLeapYear(year: number): boolean {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
}

export function daysInMonth(year: number, month: number): number {
  if (month === 2) return isLeapYear(year) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

/** Days since 1970-01-01 of the first of a month; the month may lie outside of 1–12. */
export function daysOf(year: number, month: number, day: number): number {
  const shiftedYear = year + Math.floor((month - 3) / 12);
  const shiftedMonth = (((month - 3) % 12) + 12) % 12;
  const era = Math.floor(shiftedYear / 400);
  const yearOfEra = shiftedYear - era * 400;
  const dayOfYear = Math.floor((153 * shiftedMonth + 2) / 5) + day - 1;
  return era * 146_097 + yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear - 719_468;
}

/** Seconds since the epoch of a wall clock that shows UTC. */
export function secondsOf(year: number, month: number, day: number, hour: number, minute: number, second: number): number {
  return daysOf(year, month, day) * 86_400 + hour * 3_600 + minute * 60 + second;
}

/** Whole seconds since the epoch, rounded toward the past. */
export function unixSecondsOf(unixNano: bigint): number {
  const seconds = unixNano / 1_000_000_000n;
  return Number(seconds * 1_000_000_000n > unixNano ? seconds - 1n : seconds);
}

/** What the calendar and a wall clock show, `offsetSeconds` east of UTC. */
export function civilOf(unixNano: bigint, offsetSeconds: number): Civil {
  const unixSeconds = unixSecondsOf(unixNano);
  const seconds = unixSeconds + offsetSeconds;
  const days = Math.floor(seconds / 86_400);
  const ofDay = seconds - days * 86_400;
  const shifted = days + 719_468;
  const era = Math.floor(shifted / 146_097);
  const dayOfEra = shifted - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1_460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const shiftedMonth = Math.floor((5 * dayOfYear + 2) / 153);
  const day = dayOfYear - Math.floor((153 * shiftedMonth + 2) / 5) + 1;
  const month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9;
  const year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0);
  return {
    year,
    month,
    day,
    hour: Math.floor(ofDay / 3_600),
    minute: Math.floor(ofDay / 60) % 60,
    second: ofDay % 60,
    nano: Number(unixNano - BigInt(unixSeconds) * 1_000_000_000n),
    weekday: (((days + 4) % 7) + 7) % 7,
    yearDay: dayStarts[month - 1]! + day + (month > 2 && isLeapYear(year) ? 1 : 0),
  };
}
