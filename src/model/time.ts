/** Texts of times. All times are UTC microseconds since the epoch, as a number (exact until the year 2255). */

const microsPerSecond = 1_000_000;

/** Seconds repeat within a request, so the text of the last few is kept: start and end of a span, and its events. */
const cacheSize = 8;
const cachedSecond: number[] = new Array<number>(cacheSize).fill(-1);
const cachedText: string[] = new Array<string>(cacheSize).fill('');

function two(value: number): string {
  return value < 10 ? `0${value}` : `${value}`;
}

/** `2026-01-31T23:59:59` of whole seconds since the epoch. Civil-from-days by the usual era arithmetic, without a `Date`. */
function secondText(second: number): string {
  const slot = ((second % cacheSize) + cacheSize) % cacheSize;
  if (cachedSecond[slot] === second) return cachedText[slot] as string;
  const days = Math.floor(second / 86_400);
  const ofDay = second - days * 86_400;
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
  const hour = Math.floor(ofDay / 3_600);
  const minute = Math.floor((ofDay - hour * 3_600) / 60);
  const yearText = `${year}`.padStart(4, '0');
  const text = `${yearText}-${two(month)}-${two(day)}T${two(hour)}:${two(minute)}:${two(ofDay - hour * 3_600 - minute * 60)}`;
  cachedSecond[slot] = second;
  cachedText[slot] = text;
  return text;
}

function fractionText(micros: number, second: number): string {
  return `${micros - second * microsPerSecond}`.padStart(6, '0');
}

/** RFC 3339 with six fraction digits: `2026-01-31T23:59:59.123456Z`. */
export function isoText(micros: number): string {
  const second = Math.floor(micros / microsPerSecond);
  return `${secondText(second)}.${fractionText(micros, second)}Z`;
}

/** One segment of a `dotted_order`: `YYYYMMDDTHHMMSSffffffZ` + run id, 58 characters (langsmith-ingest §3.2). */
export function dottedSegment(micros: number, runId: string): string {
  const second = Math.floor(micros / microsPerSecond);
  const text = secondText(second);
  const year = text.indexOf('-', 1);
  const date = `${text.slice(0, year)}${text.slice(year + 1, year + 3)}${text.slice(year + 4, year + 6)}`;
  const time = `${text.slice(year + 7, year + 9)}${text.slice(year + 10, year + 12)}${text.slice(year + 13, year + 15)}`;
  return `${date}T${time}${fractionText(micros, second)}Z${runId}`;
}
