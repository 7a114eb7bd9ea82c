import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { OttlError } from '../../src/ottl/fault.ts';
import { civilOf, daysOf } from '../../src/ottl/functions/time/civil.ts';
import { durationText, parseDuration } from '../../src/ottl/functions/time/duration-text.ts';
import { formatTime } from '../../src/ottl/functions/time/format-time.ts';
import { parseLayout } from '../../src/ottl/functions/time/layout.ts';
import { english } from '../../src/ottl/functions/time/names.ts';
import { parseTime } from '../../src/ottl/functions/time/parse-time.ts';
import { fixedZone } from '../../src/ottl/functions/time/zone.ts';
import { type OttlValue, Time, utc } from '../../src/ottl/value.ts';
import { evaluate } from './ottl.ts';

function nanos(iso: string): bigint {
  return BigInt(Date.parse(iso)) * 1_000_000n;
}

/** Instants without a fraction below the millisecond. */
const parsed: readonly (readonly [expression: string, instant: string])[] = [
  ['Time("02/04/2023", "%m/%d/%Y")', '2023-02-04T00:00:00Z'],
  ['Time("Feb 15, 2023", "%b %d, %Y")', '2023-02-15T00:00:00Z'],
  ['Time("2023-05-26 12:34:56 HST", "%Y-%m-%d %H:%M:%S %Z")', '2023-05-26T22:34:56Z'],
  ['Time("1986-10-01T00:17:33 MST", "%Y-%m-%dT%H:%M:%S %Z")', '1986-10-01T07:17:33Z'],
  ['Time("2012-11-01T22:08:41+0000 EST", "%Y-%m-%dT%H:%M:%S%z %Z")', '2012-11-01T22:08:41Z'],
  ['Time("2023-05-26 12:34:56", "%Y-%m-%d %H:%M:%S", "America/New_York")', '2023-05-26T16:34:56Z'],
  ['Time("2023-01-26 12:34:56", "%Y-%m-%d %H:%M:%S", "America/New_York")', '2023-01-26T17:34:56Z'],
  ['Time("2023-01-26 12:34:56", "%F %T", location = "Asia/Kolkata")', '2023-01-26T07:04:56Z'],
  ['Time("2023-05-26T12:34:56-07:00", "%Y-%m-%dT%H:%M:%S%j")', '2023-05-26T19:34:56Z'],
  ['Time("2023-05-26 12 -07", "%Y-%m-%d %H %i")', '2023-05-26T19:00:00Z'],
  ['Time("2023-05-26 12 -07:00:00", "%Y-%m-%d %H %k")', '2023-05-26T19:00:00Z'],
  ['Time("2023-05-26 12 -070000", "%Y-%m-%d %H %w")', '2023-05-26T19:00:00Z'],
  ['Time("Monday, 26 Jan 98", "%A, %d %b %y")', '1998-01-26T00:00:00Z'],
  ['Time("1/2/68", "%q/%g/%y")', '2068-01-02T00:00:00Z'],
  ['Time("May  5 2023", "%b %e %Y")', '2023-05-05T00:00:00Z'],
  ['Time("january 5 2023", "%B %g %Y")', '2023-01-05T00:00:00Z'],
  ['Time("2023-05-26 01:02:03 PM", "%F %I:%M:%S %p")', '2023-05-26T13:02:03Z'],
  ['Time("2023-05-26 12:02:03 am", "%F %r")', '2023-05-26T00:02:03Z'],
  ['Time("2023-05-26 1 pm", "%F %l %P")', '2023-05-26T13:00:00Z'],
  ['Time("2023-05-26 01:02:03.5", "%F %T.%L")', '2023-05-26T01:02:03.500Z'],
  ['Time("2023-05-26 01:02:03,123", "%F %T,%f")', '2023-05-26T01:02:03.123Z'],
  ['Time("2023-05-26 01:02:03.25", "%F %T")', '2023-05-26T01:02:03.250Z'],
  ['Time("Fri May 26 01:02:03 2023", "%c")', '2023-05-26T01:02:03Z'],
  ['Time("05/26/2023 13:55", "%D %R")', '2023-05-26T13:55:00Z'],
  ['Time("100% 2023", "100%% %Y")', '2023-01-01T00:00:00Z'],
  ['Time("2023-05-26T01:02:03Z", "2006-01-02T15:04:05Z07:00")', '2023-05-26T01:02:03Z'],
  ['Time("2023-05-26T01:02:03.123+02:00", "2006-01-02T15:04:05.999Z07:00")', '2023-05-25T23:02:03.123Z'],
  ['Time("2023-05-26T01:02:03Z", "%Y-%m-%dT%H:%M:%SZ")', '2023-05-26T01:02:03Z'],
  ['Time("2024-060", "2006-002")', '2024-02-29T00:00:00Z'],
  ['Time("mercoledì set 4 2024", "%A %h %e %Y", "", "it")', '2024-09-04T00:00:00Z'],
  ['Time("Febrero 25 lunes, 2002, 02:03:04 p.m.", "%B %d %A, %Y, %r", "America/New_York", "es-ES")', '2002-02-25T19:03:04Z'],
  ['Time("Feb 20 01:02:03", "%b %d %H:%M:%S")', '2024-02-20T01:02:03Z'],
  ['Time("Dec 20 01:02:03", "%b %d %H:%M:%S")', '2023-12-20T01:02:03Z'],
  ['Time("01:02:03", "%H:%M:%S")', '2024-02-29T01:02:03Z'],
  ['Unix(1672527600)', '2022-12-31T23:00:00Z'],
  ['Unix(-1, 500000000)', '1969-12-31T23:59:59.500Z'],
  ['TruncateTime(Time("2023-05-26 12:34:56", "%F %T"), Duration("1h"))', '2023-05-26T12:00:00Z'],
  ['TruncateTime(Time("2023-05-26 12:34:56", "%F %T"), Duration("10h20m"))', '2023-05-26T10:00:00Z'],
  ['TruncateTime(Time("2023-05-26 12:34:56", "%F %T"), Duration("0s"))', '2023-05-26T12:34:56Z'],
];

describe('instants', () => {
  test.each(parsed)('%s is %s', (expression, instant) => {
    expect((evaluate(expression) as Time).unixNano).toBe(nanos(instant));
  });
});

const told: readonly (readonly [expression: string, result: OttlValue])[] = [
  ['UnixNano(Now())', 1_709_210_096_789_123_456n],
  ['UnixMicro(Now())', 1_709_210_096_789_123n],
  ['UnixMilli(Now())', 1_709_210_096_789n],
  ['UnixSeconds(Now())', 1_709_210_096n],
  ['UnixSeconds(Unix(-1, -1))', -2n],
  ['Year(Now())', 2024n],
  ['Month(Now())', 2n],
  ['Day(Now())', 29n],
  ['Hour(Now())', 12n],
  ['Minute(Now())', 34n],
  ['Second(Now())', 56n],
  ['Nanosecond(Now())', 789_123_456n],
  ['Weekday(Now())', 4n],
  ['Hour(Time("2023-05-26 12:34:56", "%F %T", "America/New_York"))', 12n],
  ['Weekday(Unix(0))', 4n],
  ['Day(Unix(-1))', 31n],
  ['FormatTime(Now(), "%A %h %e %Y")', 'Thursday Feb 29 2024'],
  ['FormatTime(Now(), "%b %d %Y %H:%M:%S")', 'Feb 29 2024 12:34:56'],
  ['FormatTime(Now(), "%F %T.%L")', '2024-02-29 12:34:56.789'],
  ['FormatTime(Now(), "%F %T.%f")', '2024-02-29 12:34:56.789123'],
  ['FormatTime(Now(), "%T,%s")', '12:34:56,789123456'],
  ['FormatTime(Unix(0), "%T.%L")', '00:00:00.000'],
  ['FormatTime(Now(), "%I:%M %p %P %l %y %q/%g")', '12:34 PM pm 12 24 2/29'],
  ['FormatTime(Now(), "%o")', ' 2'],
  ['FormatTime(Now(), "%z %Z %i %j %k %w")', '+0000 UTC +00 +00:00 +00:00:00 +000000'],
  ['FormatTime(Now(), "%c")', 'Thu Feb 29 12:34:56 2024'],
  ['FormatTime(Now(), "%D|%x|%R|%n|%t|%%")', '02/29/2024|02/29/2024|12:34|\n|\t|%'],
  ['FormatTime(Now(), "%r")', '12:34:56 pm'],
  ['FormatTime(Now(), "2006-01-02T15:04:05Z07:00")', '2024-02-29T12:34:56Z'],
  ['FormatTime(Now(), "2006-01-02T15:04:05.000000Z07:00")', '2024-02-29T12:34:56.789123Z'],
  ['FormatTime(Time("2023-01-26 12:34:56", "%F %T", "America/New_York"), "%T %z %Z")', '12:34:56 -0500 EST'],
  ['FormatTime(Time("2023-07-26 12:34:56", "%F %T", "America/New_York"), "%T %z %Z")', '12:34:56 -0400 EDT'],
];

describe('what a time tells', () => {
  test.each(told)('%s is %s', (expression, result) => {
    expect(evaluate(expression)).toBe(result);
  });
});

const refused: readonly (readonly [expression: string, message: RegExp])[] = [
  ['Time("x", "")', /invalid format: it is empty/],
  ['Time("x", "%E")', /unsupported directive %E/],
  ['Time("x", "%")', /unsupported directive %/],
  ['Time("x", "%T%L")', /must be preceded with '.' or ','/],
  ['Time("2023", "%Y", "Not/AZone")', /failed to load location Not\/AZone/],
  ['Time("2023", "%Y", "", "klingon-xx-yy-zz")', /unsupported locale/],
  ['Time("2023-13-01", "%Y-%m-%d")', /month out of range at character/],
  ['Time("2023-02-30", "%Y-%m-%d")', /day out of range/],
  ['Time("2023-02-01 25", "%F %H")', /hour out of range/],
  ['Time("2023-02-01 x", "%F")', /unexpected text/],
  ['Time("23-02-01", "%F")', /expected a year of four digits/],
  ['Time("Foo 1", "%b %d")', /expected the short name of a month/],
  ['Time("2023 XYZ", "%Y %Z")', /unknown short name of a time zone/],
  ['Time("2023-366", "2006-002")', /day of year out of range/],
  ['Time(span.attributes["missing"], "%Y")', /expected string/],
  ['FormatTime("x", "%Y")', /expected time/],
  ['FormatTime(Now(), "%E")', /unsupported directive/],
  ['UnixNano(1)', /expected time/],
  ['Year("2023")', /expected time/],
  ['TruncateTime(Now(), "1s")', /expected duration/],
  ['Unix("1")', /expected int/],
];

describe('refused, at load or at run', () => {
  test.each(refused)('%s', (expression, message) => {
    expect(() => evaluate(expression)).toThrow(message);
  });
});

/** Written by Go's own `Time.Format`. */
const layouts = [
  { layout: '2006-01-02T15:04:05.999999999Z07:00', text: '2024-02-09T03:04:05.067089-05:30' },
  { layout: 'Mon Jan _2 15:04:05 2006', text: 'Fri Feb  9 03:04:05 2024' },
  { layout: 'Monday, 02-Jan-06 15:04:05 MST', text: 'Friday, 09-Feb-24 03:04:05 -0530' },
  { layout: '03:04PM', text: '03:04AM' },
  { layout: '3:04:05.000 pm', text: '3:04:05.067 am' },
  { layout: '002 __2', text: '040  40' },
  { layout: '06/1/2', text: '24/2/9' },
  { layout: '-07 -0700 -070000 Z0700', text: '-05 -0530 -053000 -0530' },
  { layout: '4:5', text: '4:5' },
  { layout: 'Jan 2 January', text: 'Feb 9 February' },
];

test.each(layouts)('the layout $layout writes $text', ({ layout, text }) => {
  const time = new Time(nanos('2024-02-09T08:34:05.067Z') + 89_000n, fixedZone(-(5 * 3_600 + 30 * 60)));
  expect(formatTime(time, layout)).toBe(text);
});

/** Written by Go's own `Duration.String`. */
const durations: readonly (readonly [nanos: bigint, text: string])[] = [
  [0n, '0s'],
  [1n, '1ns'],
  [999n, '999ns'],
  [1500n, '1.5µs'],
  [1000000n, '1ms'],
  [1500000n, '1.5ms'],
  [1000000000n, '1s'],
  [1500000000n, '1.5s'],
  [90000000000n, '1m30s'],
  [3600000000000n, '1h0m0s'],
  [129600000000001n, '36h0m0.000000001s'],
  [-90000000000n, '-1m30s'],
];

test.each(durations)('a duration of %d ns is written %s', (count, text) => {
  expect(durationText(count)).toBe(text);
});

test('a duration is read as it was written', () => {
  fc.assert(
    fc.property(fc.bigInt(-(2n ** 62n), 2n ** 62n), (count) => {
      expect(parseDuration(durationText(count))).toBe(count);
    }),
  );
});

test('the calendar agrees with the platform', () => {
  fc.assert(
    fc.property(fc.integer({ min: -60_000_000_000_000, max: 250_000_000_000_000 }), (ms) => {
      const date = new Date(ms);
      const civil = civilOf(BigInt(ms) * 1_000_000n, 0);
      expect([civil.year, civil.month, civil.day, civil.hour, civil.minute, civil.second, civil.weekday]).toEqual([
        date.getUTCFullYear(),
        date.getUTCMonth() + 1,
        date.getUTCDate(),
        date.getUTCHours(),
        date.getUTCMinutes(),
        date.getUTCSeconds(),
        date.getUTCDay(),
      ]);
      expect(daysOf(civil.year, civil.month, civil.day)).toBe(Math.floor(ms / 86_400_000));
      expect(daysOf(civil.year, civil.month, civil.day) - daysOf(civil.year, 1, 1) + 1).toBe(civil.yearDay);
    }),
  );
});

test('a time is read as it was written', () => {
  const options = { names: english, zone: utc, now: () => 0n };
  const format = '%a %B %e %Y %I:%M:%S.%s %p %j';
  fc.assert(
    fc.property(fc.bigInt(0n, 253_402_300_799_999_999_999n), fc.integer({ min: -14 * 60, max: 14 * 60 }), (unixNano, minutes) => {
      const text = formatTime(new Time(unixNano, fixedZone(minutes * 60)), format);
      fc.pre(!text.includes('10000'));
      expect(parseTime(parseLayout(format), text, options).unixNano).toBe(unixNano);
    }),
  );
});

test('no format and no text raise anything but an OttlError', () => {
  const options = { names: english, zone: utc, now: () => 0n };
  const piece = fc.constantFrom('%Y', '%m', '%d', '%b', '%e', '%S', '.', '%L', '%z', '%Z', '%p', '2006', 'Jan', '15', ' ', 'x', '%');
  const part = fc.constantFrom('2024', '12', '7', 'Feb', ' ', '.5', '+01:00', 'EST', 'PM', 'Z', '99', '-', 'é');
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 6 }), fc.array(part, { maxLength: 6 }), (format, text) => {
      try {
        parseTime(parseLayout(format.join('')), text.join(''), options);
      } catch (error) {
        expect(error).toBeInstanceOf(OttlError);
      }
    }),
  );
});
