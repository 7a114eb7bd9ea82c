import { Duration, type OttlType, type OttlValue, Time, typeOf } from '../../value.ts';
import { durationText } from '../time/duration-text.ts';
import { formatTime } from '../time/format-time.ts';
import { canonicalText } from './canonical-text.ts';
import { floatText } from './float-text.ts';

const goTypes: Readonly<Record<OttlType, string>> = {
  nil: '<nil>',
  string: 'string',
  bool: 'bool',
  int: 'int64',
  float: 'float64',
  bytes: '[]uint8',
  time: 'time.Time',
  duration: 'time.Duration',
  id: 'pcommon.ID',
  records: 'ptrace.Slice',
  list: 'pcommon.Slice',
  map: 'pcommon.Map',
};

export function goType(value: OttlValue): string {
  return goTypes[typeOf(value)];
}

/** `%v` without flags. */
export function plainText(value: OttlValue): string {
  if (value === null) return '<nil>';
  if (typeof value === 'number') return value < 0 || Object.is(value, -0) ? `-${floatText(-value, 'g', undefined)}` : signedInfinity(value);
  if (value instanceof Uint8Array) return `[${value.join(' ')}]`;
  if (value instanceof Time) return formatTime(value, '2006-01-02 15:04:05.999999999 -0700 MST');
  if (value instanceof Duration) return durationText(value.nanos);
  return canonicalText(value);
}

function signedInfinity(value: number): string {
  return value === Number.POSITIVE_INFINITY ? '+Inf' : floatText(value, 'g', undefined);
}

/** What Go writes where a verb does not fit its argument: a text, never an error. */
export function misfit(verb: string, value: OttlValue): string {
  return value === null ? `%!${verb}(<nil>)` : `%!${verb}(${goType(value)}=${plainText(value)})`;
}
