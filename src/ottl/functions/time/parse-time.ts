import { OttlError } from '../../fault.ts';
import { Time, utc, type Zone } from '../../value.ts';
import { civilOf, daysInMonth, isLeapYear, secondsOf, unixSecondsOf } from './civil.ts';
import type { Layout, Token } from './layout.ts';
import type { CalendarNames } from './names.ts';
import { type Found, readToken } from './read-token.ts';
import { TimeText } from './time-text.ts';
import { abbreviation, findZone, fixedZone, instantOf } from './zone.ts';

export interface ParseTimeOptions {
  readonly names: CalendarNames;
  /** For times that do not tell their zone. */
  readonly zone: Zone;
  /** For times without a year or date; nanoseconds since the epoch. */
  readonly now: () => bigint;
}

/** A time read by a layout, as Go's `time.ParseInLocation` reads it; then a missing year or date is filled in as the Collector does. */
export function parseTime(layout: Layout, value: string, options: ParseTimeOptions): Time {
  const text = new TimeText(value);
  const found: Found = {
    year: -1,
    month: -1,
    day: -1,
    yearDay: -1,
    hour: 0,
    minute: 0,
    second: 0,
    nano: 0,
    half: -1,
    offsetSeconds: undefined,
    abbreviation: '',
  };
  for (let at = 0; at < layout.length; at++) readToken(layout[at]!, layout[at + 1], text, found, options.names);
  if (text.at < value.length) text.fail('unexpected text');
  if (found.half === 1 && found.hour < 12) found.hour += 12;
  else if (found.half === 0 && found.hour === 12) found.hour = 0;
  const hasDate = found.year >= 0 || found.month > 0 || found.day > 0 || found.yearDay > 0 || layout.some(isWeekday);
  return resolve(found, hasDate, options);
}

function isWeekday(token: Token): boolean {
  return token.kind === 'field' && (token.field === 'Mon' || token.field === 'Monday');
}

function placeYearDay(found: Found): void {
  if (found.yearDay < 0) return;
  const year = Math.max(found.year, 0);
  if (found.yearDay === 366 && !isLeapYear(year)) throw new OttlError('cannot parse time: day of year out of range');
  let day = found.yearDay;
  let month = 1;
  while (day > daysInMonth(year, month)) day -= daysInMonth(year, month++);
  found.month = month;
  found.day = day;
}

function resolve(found: Found, hasDate: boolean, { zone, now }: ParseTimeOptions): Time {
  placeYearDay(found);
  const month = Math.max(found.month, 1);
  const day = Math.max(found.day, 1);
  if (day > daysInMonth(Math.max(found.year, 0), month)) throw new OttlError('cannot parse time: day out of range');
  const wall = (year: number, ofMonth = month, ofDay = day): Time =>
    located(secondsOf(year, ofMonth, ofDay, found.hour, found.minute, found.second), found, zone);
  if (!hasDate) {
    const today = civilOf(now(), zone.offsetSecondsAt(unixSecondsOf(now())));
    return wall(today.year, today.month, today.day);
  }
  if (found.year > 0) return wall(found.year);
  const { year } = civilOf(now(), 0);
  const time = wall(year);
  const weekNanos = 7n * 86_400n * 1_000_000_000n;
  return time.unixNano > now() + weekNanos ? wall(year - 1) : time;
}

/** What the text says of the zone counts before the location. */
function located(wallSeconds: number, found: Found, location: Zone): Time {
  const at = (seconds: number, zone: Zone): Time => new Time(BigInt(seconds) * 1_000_000_000n + BigInt(found.nano), zone);
  if (found.offsetSeconds !== undefined) {
    const instant = wallSeconds - found.offsetSeconds;
    return at(instant, location.offsetSecondsAt(instant) === found.offsetSeconds ? location : fixedZone(found.offsetSeconds));
  }
  const here = instantOf(wallSeconds, location);
  const name = found.abbreviation;
  if (name === '' || name === abbreviation(location, here)) return at(here, location);
  const zone = zoneOfAbbreviation(name);
  return at(instantOf(wallSeconds, zone), zone);
}

function zoneOfAbbreviation(name: string): Zone {
  if (name === 'UTC' || name === 'GMT') return utc;
  const offset = /^(?:GMT)?([+-])([0-9]{1,2})([0-9]{2})?$/.exec(name);
  if (offset) return fixedZone((offset[1] === '-' ? -1 : 1) * (Number(offset[2]) * 3_600 + Number(offset[3] ?? 0) * 60));
  const zone = findZone(name);
  if (zone) return zone;
  throw new OttlError('cannot parse time: unknown short name of a time zone', { hint: 'write the offset, or name the location' });
}
