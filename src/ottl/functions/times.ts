import { converter, getter, literal, optional } from '../function.ts';
import { type OttlValue, Time, utc } from '../value.ts';
import { type Civil, civilOf, unixSecondsOf } from './time/civil.ts';
import { formatWith } from './time/format-time.ts';
import { parseLayout } from './time/layout.ts';
import { english, namesOf } from './time/names.ts';
import { parseTime } from './time/parse-time.ts';
import { loadZone } from './time/zone.ts';

const nanosPerSecond = 1_000_000_000n;

export const now = converter({
  name: 'Now',
  summary: 'The time.',
  example: 'Now()',
  parameters: {},
  result: 'time',
  compile: () => (evaluation) => new Time(evaluation.world.now()),
});

/** A trailing Z that is not part of a directive means UTC; so does a missing location. */
export const time = converter({
  name: 'Time',
  summary:
    'The time that a text holds, by a format of % directives or a layout of Go; in UTC unless the text or the location say otherwise.',
  example: 'Time("2023-05-26 12:34:56", "%Y-%m-%d %H:%M:%S", "America/New_York")',
  parameters: {
    target: getter.string,
    format: literal.string,
    location: optional(literal.string, ''),
    locale: optional(literal.string, ''),
  },
  result: 'time',
  /** A year that the text leaves out is that of today. */
  volatile: true,
  compile: ({ target, format, location, locale }) => {
    const layout = parseLayout(format);
    const zone = location === '' ? utc : loadZone(location);
    const names = locale === '' ? english : namesOf(locale);
    return (evaluation) => parseTime(layout, target(evaluation), { names, zone, now: () => evaluation.world.now() });
  },
});

export const formatTime = converter({
  name: 'FormatTime',
  summary: 'A time as text, by a format of % directives or a layout of Go.',
  example: 'FormatTime(Now(), "%Y-%m-%d %H:%M:%S")',
  parameters: { time: getter.time, format: literal.string },
  result: 'string',
  compile: ({ time, format }) => {
    const layout = parseLayout(format);
    return (evaluation) => formatWith(layout, time(evaluation));
  },
});

/** From the first of January of the year 1 to the epoch: multiples of a duration are counted from there. */
const yearOneNanos = 62_135_596_800n * nanosPerSecond;

export const truncateTime = converter({
  name: 'TruncateTime',
  summary: 'A time rounded down to a multiple of a duration.',
  example: 'TruncateTime(span.start_time, Duration("1s"))',
  parameters: { time: getter.time, duration: getter.duration },
  result: 'time',
  compile:
    ({ time, duration }) =>
    (evaluation) => {
      const instant = time(evaluation);
      const { nanos } = duration(evaluation);
      if (nanos <= 0n) return instant;
      const rest = (((instant.unixNano + yearOneNanos) % nanos) + nanos) % nanos;
      return new Time(instant.unixNano - rest, instant.zone);
    },
});

export const unix = converter({
  name: 'Unix',
  summary: 'The time so many seconds, and nanoseconds, after the epoch.',
  example: 'Unix(1672527600)',
  parameters: { seconds: getter.int, nanoseconds: optional(getter.int) },
  result: 'time',
  compile:
    ({ seconds, nanoseconds }) =>
    (evaluation) =>
      new Time(seconds(evaluation) * nanosPerSecond + (nanoseconds?.(evaluation) ?? 0n)),
});

function ofTime(name: string, summary: string, read: (time: Time) => OttlValue) {
  return converter({
    name,
    summary,
    example: `${name}(span.start_time)`,
    parameters: { value: getter.time },
    result: 'int',
    compile:
      ({ value }) =>
      (evaluation) =>
        read(value(evaluation)),
  });
}

/** Rounded toward the past, as an int64. */
function unixIn(nanosPerUnit: bigint): (time: Time) => bigint {
  return ({ unixNano }) => {
    const rest = ((unixNano % nanosPerUnit) + nanosPerUnit) % nanosPerUnit;
    return BigInt.asIntN(64, (unixNano - rest) / nanosPerUnit);
  };
}

export const unixNano = ofTime('UnixNano', 'Nanoseconds since the epoch.', unixIn(1n));
export const unixMicro = ofTime('UnixMicro', 'Microseconds since the epoch.', unixIn(1_000n));
export const unixMilli = ofTime('UnixMilli', 'Milliseconds since the epoch.', unixIn(1_000_000n));
export const unixSeconds = ofTime('UnixSeconds', 'Seconds since the epoch.', unixIn(nanosPerSecond));

function calendar(name: string, summary: string, field: keyof Civil) {
  return ofTime(name, summary, ({ unixNano, zone }) => BigInt(civilOf(unixNano, zone.offsetSecondsAt(unixSecondsOf(unixNano)))[field]));
}

export const year = calendar('Year', 'The year of a time.', 'year');
export const month = calendar('Month', 'The month of a time, from 1.', 'month');
export const day = calendar('Day', 'The day of the month of a time.', 'day');
export const hour = calendar('Hour', 'The hour of a time.', 'hour');
export const minute = calendar('Minute', 'The minute of a time.', 'minute');
export const second = calendar('Second', 'The second of a time.', 'second');
export const nanosecond = calendar('Nanosecond', 'The nanosecond within the second of a time.', 'nano');
export const weekday = calendar('Weekday', 'The day of the week of a time; Sunday is 0.', 'weekday');
