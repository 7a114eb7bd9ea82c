/**
 * The texts of `model/time.ts`, written as bytes: every run has as many times as it has ancestors, and three more. The text of a day is made once, and
 * nearly all times are of one day, or two.
 */
import { dottedSegment, isoText } from '../../../model/time.ts';
import type { ByteWriter } from './byte-writer.ts';

const microsPerSecond = 1_000_000;
const secondsPerDay = 86_400;

let lastDay = Number.NaN;
/** `2026-01-31T` and `20260131T`. */
let isoDay = '';
let dottedDay = '';
let hour = 0;
let minute = 0;
let secondOfMinute = 0;
let fraction = 0;

function take(micros: number): void {
  const second = Math.floor(micros / microsPerSecond);
  const days = Math.floor(second / secondsPerDay);
  if (days !== lastDay) {
    const iso = isoText(micros);
    const dotted = dottedSegment(micros, '');
    isoDay = iso.slice(0, iso.indexOf('T') + 1);
    dottedDay = dotted.slice(0, dotted.indexOf('T') + 1);
    lastDay = days;
  }
  const secondOfDay = second - days * secondsPerDay;
  hour = Math.floor(secondOfDay / 3_600);
  minute = Math.floor(secondOfDay / 60) - hour * 60;
  secondOfMinute = secondOfDay % 60;
  fraction = Math.floor(micros - second * microsPerSecond);
}

/** As `isoText`: `2026-01-31T23:59:59.123456Z`. */
export function writeIsoTime(writer: ByteWriter, micros: number): void {
  take(micros);
  writer.ascii(isoDay);
  writer.digits(hour, 2);
  writer.ascii(':');
  writer.digits(minute, 2);
  writer.ascii(':');
  writer.digits(secondOfMinute, 2);
  writer.ascii('.');
  writer.digits(fraction, 6);
  writer.ascii('Z');
}

/** As `dottedSegment`: `20260131T235959123456Z` and the run's id. */
export function writeDottedSegment(writer: ByteWriter, micros: number, runId: string): void {
  take(micros);
  writer.ascii(dottedDay);
  writer.digits(hour * 10_000 + minute * 100 + secondOfMinute, 6);
  writer.digits(fraction, 6);
  writer.ascii('Z');
  writer.ascii(runId);
}
