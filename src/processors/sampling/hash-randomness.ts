import type { Randomness } from './threshold.ts';

/** Buckets of the `hash_seed` mode. */
export const buckets = 16_384;

/**
 * The randomness that the `hash_seed` mode gives to some bytes: FNV-1a (32 bit) over the seed, little endian, and the bytes. Its lowest 14 bits
 * are the bucket; they stand inverted at the top, so that `randomness >= threshold` says the same as `bucket < sampled buckets`.
 * Source: the Collector's probabilistic sampler, so that both make the same decision.
 */
export function hashRandomness(data: Uint8Array, seed: number): Randomness {
  let hash = 0x811c9dc5;
  for (let shift = 0; shift < 32; shift += 8) hash = Math.imul(hash ^ ((seed >>> shift) & 0xff), 0x01000193);
  for (let index = 0; index < data.length; index++) hash = Math.imul(hash ^ (data[index] as number), 0x01000193);
  hash >>>= 0;
  const bucket = hash & (buckets - 1);
  const rest = hash >>> 18;
  const mixed = rest ^ (rest << 10);
  return half(((buckets - 1 - bucket) << 14) | (mixed >>> 14)) + half(((mixed & 0x3fff) << 14) | bucket);
}

/** 28 bits as hex. */
function half(bits: number): string {
  return bits.toString(16).padStart(7, '0');
}
