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
import { Time, utc } from '../../src/ottl/value.ts';
import { instants } from './cases/times.ts';
import { evaluate } from './ottl.ts';

function nanos(iso: string): bigint {
  return BigInt(Date.parse(iso)) * 1_000_000n;
}

describe('instants', () => {
  test.each(instants)('%s is %s', (expression, instant) => {
    expect((evaluate(expression) as Time).unixNano).toBe(nanos(instant));
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
