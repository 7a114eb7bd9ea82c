/**
 * The decision about one item, by the Collector's order: randomness, consistency of what arrived, threshold of the mode, priority, comparison.
 * Source: the Collector's probabilistic sampler and the OpenTelemetry specification, "TraceState: Probability Sampling".
 */
import { buckets } from '../sampling/hash-randomness.ts';
import {
  always,
  greatestRandomness,
  hexDigits,
  never,
  probabilityOf,
  type Randomness,
  type Threshold,
  thresholdOf,
} from '../sampling/threshold.ts';
import type { Carried } from '../sampling/trace-state.ts';
import type { Policy } from './decisions.ts';
import type { Settings } from './schema.ts';

/** The threshold for an item that arrived with this one. */
type Decide = (arriving: Threshold | undefined) => Threshold;

/** What an item says of itself: the threshold it has whatever the sampler thinks, or the highest one that it takes. */
export interface Priority {
  readonly fixed?: Threshold | undefined;
  readonly most?: Threshold | undefined;
}

/** By the Collector's names. `carriedRandomness`: the item brought its own. */
export function policyOf(hashes: boolean, randomness: Randomness | undefined, carriedRandomness: boolean, { fixed }: Priority): Policy {
  if (fixed !== undefined) return 'sampling_priority';
  if (randomness === undefined) return 'missing_randomness';
  if (hashes) return 'trace_id_hash';
  return carriedRandomness ? 'sampling_randomness' : 'trace_id_w3c';
}

export interface Sampler {
  /** Whether randomness is hashed from the item rather than taken from it. */
  readonly hashes: boolean;
  /**
   * `randomness`: the item's, `undefined` if it has none. `carried`: its sampling facts, `undefined` if they were malformed; brought up to date if it is kept.
   */
  sample(randomness: Randomness | undefined, carried: Carried | undefined, priority: Priority): boolean;
}

export function createSampler(settings: Settings): Sampler {
  const { fail_closed } = settings;
  const decide = decideBy(settings);
  const hashes = settings.mode === 'hash_seed' && decide !== neverDecide;
  const onFailure = fail_closed ? never : always;
  return {
    hashes,
    sample(randomness, carried, priority) {
      const sound = carried !== undefined && (hashes ? unsampled(carried) : consistent(randomness, carried));
      const failed = !sound || randomness === undefined;
      const threshold = prioritised(failed ? onFailure : decide(carried?.threshold), priority);
      if ((randomness ?? greatestRandomness) < threshold) return false;
      if (carried === undefined) return true;
      if (hashes && sound) carried.randomness = randomness;
      // A threshold says how many items this one stands for, so it only ever rises.
      if (carried.threshold === undefined || carried.threshold < threshold) carried.threshold = threshold;
      return true;
    },
  };
}

function prioritised(threshold: Threshold, { fixed, most }: Priority): Threshold {
  if (fixed !== undefined) return fixed;
  return most !== undefined && most < threshold ? most : threshold;
}

/** Hashing knows nothing of an earlier sampler's randomness: it must not work on what such a one has seen. */
function unsampled({ randomness, threshold }: Carried): boolean {
  return randomness === undefined && threshold === undefined;
}

/** A threshold that should have dropped the item is a lie and is forgotten. */
function consistent(randomness: Randomness | undefined, carried: Carried): boolean {
  if (randomness === undefined || carried.threshold === undefined || randomness >= carried.threshold) return true;
  carried.threshold = undefined;
  return false;
}

const neverDecide: Decide = () => never;

function decideBy({ mode, sampling_percentage, sampling_precision }: Settings): Decide {
  if (sampling_percentage === 0) return neverDecide;
  const probability = Math.max(sampling_percentage / 100, 2 ** -56);
  switch (mode) {
    case 'hash_seed': {
      const kept = Math.trunc(Math.fround(sampling_percentage * Math.fround(buckets / 100)));
      if (kept === 0) return neverDecide;
      const threshold = ((buckets - kept) * 2 ** 42).toString(16).padStart(hexDigits, '0');
      return () => threshold;
    }
    case 'equalizing': {
      const threshold = thresholdOf(probability, sampling_precision);
      return (arriving) => (arriving !== undefined && arriving > threshold ? arriving : threshold);
    }
    case 'proportional': {
      const threshold = thresholdOf(probability, sampling_precision);
      return (arriving) => (arriving === undefined ? threshold : thresholdOf(probabilityOf(arriving) * probability, sampling_precision));
    }
  }
}
