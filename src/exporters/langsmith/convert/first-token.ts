import type { Value } from '../../../model/value.ts';
import { memberOf, numberOf } from './coerce.ts';
import type { TimeUnit } from './dialect.ts';
import { isoMicros } from './iso-time.ts';
import { slot, topic } from './keys.ts';
import { firstToken, firstTokenEvents } from './rules.ts';
import type { SpanReader } from './span-reader.ts';

const microsPer: Readonly<Record<Exclude<TimeUnit, 'iso'>, number>> = { seconds: 1e6, milliseconds: 1e3, nanoseconds: 1e-3 };
const langwatchTimes = slot('langwatch.timestamps');
const timed = topic([langwatchTimes, ...firstToken.map(({ slot }) => slot)]);
const serverFirstToken = slot('gen_ai.server.time_to_first_token');

/**
 * When the first token came, µs since the epoch; `undefined` where nothing says it, where a `new_token` event says it already, or where no unit makes
 * sense of it. `scale` corrects `gen_ai.server.time_to_first_token` for emitters that write milliseconds instead of seconds.
 */
export function firstTokenMicros(reader: SpanReader, scale: number): number | undefined {
  const { startMicros } = reader.span;
  if (startMicros === 0) return undefined;
  for (const { name } of reader.occurrences) if (name === 'new_token') return undefined;
  const fromEvents = eventTime(reader);
  if (!reader.speaksOf(timed)) return fromEvents;
  for (const { slot, unit, member } of firstToken) {
    const value = member === undefined ? reader.peek(slot) : numberOf(memberOf(reader.peekJson(slot), member));
    if (value === undefined) continue;
    if (unit !== 'iso' && fromEvents !== undefined) return fromEvents;
    const micros = unit === 'iso' ? isoMicros(value) : after(reader, value, microsPer[unit] * (slot === serverFirstToken ? scale : 1));
    if (micros !== undefined) return micros;
  }
  return fromEvents ?? epochMillis(reader);
}

function eventTime(reader: SpanReader): number | undefined {
  for (const { name, timeMicros } of reader.occurrences) if (firstTokenEvents.has(name) && timeMicros > 0) return timeMicros;
  return undefined;
}

/** After the start; a value that ends behind the span was written in a smaller unit. */
function after(reader: SpanReader, value: Value, unit: number): number | undefined {
  const amount = numberOf(value);
  if (amount === undefined || amount < 0) return undefined;
  const { startMicros, endMicros } = reader.span;
  for (let scale = unit; scale >= 1e-3; scale /= 1_000) {
    const micros = startMicros + Math.trunc(amount * scale);
    if (endMicros === 0 || micros <= endMicros) return micros;
  }
  return undefined;
}

function epochMillis(reader: SpanReader): number | undefined {
  const millis = numberOf(memberOf(reader.peekJson(langwatchTimes), 'first_token_at'));
  return millis === undefined ? undefined : Math.trunc(millis * 1_000);
}
