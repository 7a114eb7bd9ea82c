/**
 * Fuzzing of the OTLP decoders: recorded requests, damaged. Only Faults may come out, and what is accepted can be read in full, cloned and encoded.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { asBytes, type Bytes } from '../../src/model/bytes.ts';
import { Fault } from '../../src/model/fault.ts';
import {
  countMetrics,
  countMetricsJson,
  decodeLogs,
  decodeLogsJson,
  decodeTraces,
  decodeTracesJson,
  encodeLogs,
  encodeTraces,
  logsJson,
  tracesJson,
} from '../../src/otlp/otlp.ts';
import { caller, plainLogs, plainTraces } from '../otlp/plain.ts';

/** A number from 0 up to, and without, 1. */
export type Random = () => number;

const folder = join(import.meta.dirname, 'corpus/otlp');

/** The committed seeds: recorded requests, and inputs that once found something. */
export function corpus(ending: '.pb' | '.json'): { readonly name: string; readonly body: Bytes }[] {
  const names = readdirSync(folder).filter((name) => name.endsWith(ending));
  return names.sort().map((name) => ({ name, body: asBytes(readFileSync(join(folder, name))) }));
}

/** Tries one body on all protobuf decoders. Throws what is not a Fault. */
export function tryProtobuf(body: Bytes): void {
  onlyFaults(() => {
    const { batch, items, rejected } = decodeTraces(body, caller);
    const plain = JSON.stringify(plainTraces(batch.clone()));
    const again = decodeTraces(encodeTraces(batch), caller);
    if (again.items !== items - rejected || JSON.stringify(plainTraces(again.batch)) !== plain) throw new Error('spans changed on the way');
    tracesJson(batch);
  });
  onlyFaults(() => {
    const { batch } = decodeLogs(body, caller);
    const plain = JSON.stringify(plainLogs(batch.clone()));
    if (JSON.stringify(plainLogs(decodeLogs(encodeLogs(batch), caller).batch)) !== plain) throw new Error('log records changed on the way');
    logsJson(batch);
  });
  onlyFaults(() => countMetrics(body));
}

/** Tries one body on all JSON decoders. */
export function tryJson(body: Bytes): void {
  onlyFaults(() => plainTraces(decodeTracesJson(body, caller).batch));
  onlyFaults(() => plainLogs(decodeLogsJson(body, caller).batch));
  onlyFaults(() => countMetricsJson(body));
}

/** Damages seeds for `timeMs` and returns how many bodies were tried. On a failure the error names the body in hex. */
export function fuzzProtobuf(random: Random, timeMs: number): number {
  return fuzz(corpus('.pb'), tryProtobuf, random, timeMs);
}

export function fuzzJson(random: Random, timeMs: number): number {
  return fuzz(corpus('.json'), tryJson, random, timeMs);
}

function fuzz(seeds: readonly { readonly body: Bytes }[], attempt: (body: Bytes) => void, random: Random, timeMs: number): number {
  const end = performance.now() + timeMs;
  let count = 0;
  for (; performance.now() < end; count++) {
    const body = damaged(pick(seeds, random).body, pick(seeds, random).body, random);
    try {
      attempt(body);
    } catch (error) {
      throw new Error(`body ${body.hexSlice()}`, { cause: error });
    }
  }
  return count;
}

function onlyFaults(act: () => void): void {
  try {
    act();
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    if (error.kind === 'bug') throw error;
  }
}

const pick = <Item>(items: readonly Item[], random: Random): Item => items[Math.floor(random() * items.length)] as Item;

/** Values that break readers: ends of varints, quotes, brackets, tags of groups and of nested messages. */
const nasty = [0x00, 0x01, 0x0a, 0x0b, 0x12, 0x22, 0x2c, 0x2d, 0x39, 0x5b, 0x5c, 0x5d, 0x7b, 0x7d, 0x7f, 0x80, 0xed, 0xff];

/** One to six changes: a byte, a cut, a copy of a range, a range of another seed. */
function damaged(seed: Uint8Array, other: Uint8Array, random: Random): Bytes {
  let body = Buffer.from(seed);
  const place = (limit: number) => Math.floor(random() * (limit + 1));
  for (let changes = 1 + place(5); changes > 0 && body.length > 0; changes--) {
    const at = place(body.length - 1);
    const size = place(Math.min(40, body.length - at));
    switch (place(5)) {
      case 0:
        body[at] = pick(nasty, random);
        break;
      case 1:
        body[at] = (body[at] as number) ^ (1 << place(7));
        break;
      case 2:
        body = Buffer.concat([body.subarray(0, at), body.subarray(at + size)]);
        break;
      case 3:
        body = Buffer.concat([body.subarray(0, at), body.subarray(at, at + size), body.subarray(at)]);
        break;
      case 4: {
        const from = place(other.length);
        body = Buffer.concat([body.subarray(0, at), other.subarray(from, from + size), body.subarray(at + size)]);
        break;
      }
      default:
        if (place(20) === 0) body = body.subarray(0, at);
    }
  }
  return asBytes(body);
}
