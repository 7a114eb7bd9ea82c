import { OttlError } from '../../fault.ts';

const units: ReadonlyMap<string, bigint> = new Map([
  ['ns', 1n],
  ['us', 1_000n],
  ['µs', 1_000n],
  ['μs', 1_000n],
  ['ms', 1_000_000n],
  ['s', 1_000_000_000n],
  ['m', 60_000_000_000n],
  ['h', 3_600_000_000_000n],
]);

const whole = /^[+-]?(?:(?:[0-9]+\.?[0-9]*|\.[0-9]+)[a-zµμ]+)+$/;
const parts = /([0-9]*)(?:\.([0-9]*))?([a-zµμ]+)/g;
const textMax = 200;
const nanosMax = 2n ** 63n;

/** Nanoseconds of a duration such as `1h15m30.5s` (Go's `time.ParseDuration`). */
export function parseDuration(text: string): bigint {
  if (/^[+-]?0$/.test(text)) return 0n;
  if (text.length > textMax || !whole.test(text)) throw new OttlError('invalid duration: write it as in "1h15m30.5s"');
  let nanos = 0n;
  for (const [, integer, fraction = '', unit] of text.matchAll(parts)) {
    const size = units.get(unit!);
    if (size === undefined) throw new OttlError(`invalid duration: unknown unit "${unit}"`, { hint: 'units are ns, us, ms, s, m, h' });
    nanos += BigInt(integer || '0') * size + (BigInt(fraction || '0') * size) / 10n ** BigInt(fraction.length);
  }
  if (text.startsWith('-')) nanos = -nanos;
  if (nanos >= nanosMax || nanos < -nanosMax) throw new OttlError('invalid duration: out of range');
  return nanos;
}

function decimal(nanos: bigint, unit: bigint): string {
  const fraction = (nanos % unit)
    .toString()
    .padStart(unit.toString().length - 1, '0')
    .replace(/0+$/, '');
  return fraction === '' ? `${nanos / unit}` : `${nanos / unit}.${fraction}`;
}

/** `1h15m30.5s`, as Go's `Duration.String` writes it. */
export function durationText(nanos: bigint): string {
  if (nanos === 0n) return '0s';
  const sign = nanos < 0n ? '-' : '';
  const size = nanos < 0n ? -nanos : nanos;
  if (size < 1_000n) return `${sign}${size}ns`;
  if (size < 1_000_000n) return `${sign}${decimal(size, 1_000n)}µs`;
  if (size < 1_000_000_000n) return `${sign}${decimal(size, 1_000_000n)}ms`;
  const minutes = size / 60_000_000_000n;
  const seconds = `${decimal(size % 60_000_000_000n, 1_000_000_000n)}s`;
  if (minutes === 0n) return sign + seconds;
  return minutes < 60n ? `${sign}${minutes}m${seconds}` : `${sign}${minutes / 60n}h${minutes % 60n}m${seconds}`;
}
