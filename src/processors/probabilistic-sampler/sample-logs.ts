import type { LogRecord, Logs } from '../../model/batch.ts';
import { bytes } from '../../model/bytes.ts';
import type { Value } from '../../model/value.ts';
import { keepLogRecords } from '../keep.ts';
import { hashRandomness } from '../sampling/hash-randomness.ts';
import { parseRValue, parseTValue, type Randomness, type Threshold, thresholdOf, tValueOf } from '../sampling/threshold.ts';
import { traceRandomness } from '../sampling/trace-randomness.ts';
import type { Carried } from '../sampling/trace-state.ts';
import { textOf } from '../text-of.ts';
import type { Decisions } from './decisions.ts';
import { policyOf, type Sampler } from './sampler.ts';
import type { Settings } from './schema.ts';

const thresholdKey = 'sampling.threshold';
const randomnessKey = 'sampling.randomness';

/** Log records have no tracestate: what it says of a span stands in two attributes here. */
export function sampleLogs(batch: Logs, sampler: Sampler, settings: Settings, decisions: Decisions): void {
  keepLogRecords(batch, (record) => {
    const carried = readCarried(record);
    const randomness = sampler.hashes ? hashed(record, settings) : carried && (carried.randomness ?? randomnessOf(record, settings));
    const priority = { most: thresholdMost(record, settings) };
    const policy = policyOf(sampler.hashes, randomness, carried?.randomness !== undefined, priority);
    const sampled = sampler.sample(randomness, carried, priority);
    decisions.add(policy, sampled, record);
    if (sampled && carried) writeCarried(record, carried);
    return sampled;
  });
}

function hashed(record: LogRecord, settings: Settings): Randomness | undefined {
  if (settings.attribute_source === 'traceID' && record.traceId !== '')
    return hashRandomness(bytes.from(record.traceId, 'hex'), settings.hash_seed);
  return hashedAttribute(record, settings);
}

function randomnessOf(record: LogRecord, settings: Settings): Randomness | undefined {
  return traceRandomness(record.traceId) ?? hashedAttribute(record, settings);
}

function hashedAttribute({ attributes }: LogRecord, { from_attribute, hash_seed }: Settings): Randomness | undefined {
  const value = from_attribute === '' ? undefined : attributes.get(from_attribute);
  if (value === undefined) return undefined;
  return hashRandomness(value instanceof Uint8Array ? value : bytes.from(textOf(value), 'utf8'), hash_seed);
}

function readCarried({ attributes }: LogRecord): Carried | undefined {
  const threshold = attributes.get(thresholdKey);
  const randomness = attributes.get(randomnessKey);
  const carried = { threshold: parsed(threshold, parseTValue), randomness: parsed(randomness, parseRValue) };
  return carried.threshold === null || carried.randomness === null ? undefined : (carried as Carried);
}

/** `null` if it is malformed. Anything but a text with something in it counts as absent. */
function parsed(value: Value | undefined, parse: (text: string) => string | undefined): string | undefined | null {
  return typeof value === 'string' && value !== '' ? (parse(value) ?? null) : undefined;
}

function writeCarried({ attributes }: LogRecord, { threshold, randomness }: Carried): void {
  if (threshold === undefined) attributes.delete(thresholdKey);
  else attributes.set(thresholdKey, tValueOf(threshold));
  if (randomness !== undefined) attributes.set(randomnessKey, randomness);
}

/** The record's own wish: a percentage that it is to be kept with at least. */
function thresholdMost({ attributes }: LogRecord, { sampling_priority, sampling_precision }: Settings): Threshold | undefined {
  const value = sampling_priority === '' ? undefined : attributes.get(sampling_priority);
  const percentage = typeof value === 'bigint' ? Number(value) : value;
  return typeof percentage === 'number' && percentage > 0 && percentage <= 100
    ? thresholdOf(percentage / 100, sampling_precision)
    : undefined;
}
