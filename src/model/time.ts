/** Texts of times. All times are UTC microseconds since the epoch, as a number (exact until the year 2255). */

const microsPerSecond = 1_000_000;
const secondsPerDay = 86_400;

/** Every run has several times, and texts of numbers are made slowly: so their digits come from tables. */
const two = Array.from({ length: 100 }, (_, number) => `${number}`.padStart(2, '0'));
const three = Array.from({ length: 1_000 }, (_, number) => `${number}`.padStart(3, '0'));

/** Nearly all times of a process are of one day, or two. */
let lastDay = Number.NaN;
let year = '';
let month = '';
let day = '';

/** Civil-from-days by the usual era arithmetic, without a `Date`. */
function setDay(days: number): void {
  const shifted = days + 719_468;
  const era = Math.floor(shifted / 146_097);
  const dayOfEra = shifted - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1_460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const shiftedMonth = Math.floor((5 * dayOfYear + 2) / 153);
  const monthNumber = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9;
  lastDay = days;
  year = `${yearOfEra + era * 400 + (monthNumber <= 2 ? 1 : 0)}`.padStart(4, '0');
  month = two[monthNumber] as string;
  day = two[dayOfYear - Math.floor((153 * shiftedMonth + 2) / 5) + 1] as string;
}

/** The date's parts are set, and the rest of it comes as texts between which `dash` and `colon` stand. */
function textOf(micros: number, dash: string, colon: string, point: string): string {
  const second = Math.floor(micros / microsPerSecond);
  const days = Math.floor(second / secondsPerDay);
  if (days !== lastDay) setDay(days);
  const ofDay = second - days * secondsPerDay;
  const hour = Math.floor(ofDay / 3_600);
  const minute = Math.floor((ofDay - hour * 3_600) / 60);
  const fraction = Math.floor(micros - second * microsPerSecond);
  const thousands = Math.floor(fraction / 1_000);
  const time = `${two[hour]}${colon}${two[minute]}${colon}${two[ofDay - hour * 3_600 - minute * 60]}`;
  return `${year}${dash}${month}${dash}${day}T${time}${point}${three[thousands]}${three[fraction - thousands * 1_000]}Z`;
}

/** RFC 3339 with six fraction digits: `2026-01-31T23:59:59.123456Z`. */
export function isoText(micros: number): string {
  return textOf(micros, '-', ':', '.');
}

/** One segment of a `dotted_order`: `YYYYMMDDTHHMMSSffffffZ` + run id, 58 characters (langsmith-ingest §3.2). */
export function dottedSegment(micros: number, runId: string): string {
  return textOf(micros, '', '', '') + runId;
}
