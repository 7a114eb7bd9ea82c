/**
 * The texts of `model/time.ts`, written as bytes: every run has three times, and as many as it has ancestors. Both texts of the last time stand here, and
 * only the digits that are others are written over: nearly all times are of the same day, and many of the same second.
 */
import { bytes } from '../../../model/bytes.ts';
import { dottedSegment, isoText } from '../../../model/time.ts';
import type { ByteWriter } from './byte-writer.ts';

const microsPerSecond = 1_000_000;
const secondsPerDay = 86_400;
const zero = 0x30;

const iso = bytes.from(isoText(0));
const dotted = bytes.from(dottedSegment(0, ''));
/** Where the hour begins in each, and how far the minute and the second are behind it. */
const isoHourAt = 11;
const dottedHourAt = 9;
const isoFractionAt = 20;
const dottedFractionAt = 15;
const fractionDigits = 6;
/** The year 10000: from then on, and before 1970, texts are not looked after here. */
const farMicros = 253_402_300_800_000_000;

let lastMicros = 0;
let lastSecond = 0;
let lastDay = 0;

function set(micros: number): void {
  if (micros === lastMicros) return;
  const second = Math.floor(micros / microsPerSecond);
  if (second !== lastSecond) setSecond(second, micros);
  let rest = Math.floor(micros - second * microsPerSecond);
  for (let digit = fractionDigits - 1; digit >= 0; digit -= 1) {
    const above = (rest / 10) | 0;
    iso[isoFractionAt + digit] = dotted[dottedFractionAt + digit] = zero + rest - above * 10;
    rest = above;
  }
  lastMicros = micros;
}

function setSecond(second: number, micros: number): void {
  const day = Math.floor(second / secondsPerDay);
  if (day !== lastDay) {
    iso.latin1Write(isoText(micros));
    dotted.latin1Write(dottedSegment(micros, ''));
    lastDay = day;
  }
  const ofDay = second - day * secondsPerDay;
  setPair(0, Math.floor(ofDay / 3_600));
  setPair(1, Math.floor(ofDay / 60) % 60);
  setPair(2, ofDay % 60);
  lastSecond = second;
}

/** Hour, minute or second. */
function setPair(place: 0 | 1 | 2, value: number): void {
  const tens = (value / 10) | 0;
  const ones = value - tens * 10;
  iso[isoHourAt + 3 * place] = dotted[dottedHourAt + 2 * place] = zero + tens;
  iso[isoHourAt + 3 * place + 1] = dotted[dottedHourAt + 2 * place + 1] = zero + ones;
}

/** As `isoText`: `2026-01-31T23:59:59.123456Z`. */
export function writeIsoTime(writer: ByteWriter, micros: number): void {
  if (isFar(micros)) {
    writer.ascii(isoText(micros));
    return;
  }
  set(micros);
  writer.raw(iso);
}

/** As `dottedSegment`: `20260131T235959123456Z` and the run's id. */
export function writeDottedSegment(writer: ByteWriter, micros: number, runId: string): void {
  if (isFar(micros)) {
    writer.ascii(dottedSegment(micros, runId));
    return;
  }
  set(micros);
  writer.raw(dotted);
  writer.ascii(runId);
}

function isFar(micros: number): boolean {
  return !(micros >= 0 && micros < farMicros);
}
