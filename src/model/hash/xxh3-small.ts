import {
  avalanche,
  avalancheOfXxh64,
  foldedProduct,
  prime32Two,
  primeMixTwo,
  primeOne,
  primeTwo,
  rotate,
  secret,
  secretPair,
  swapBytes,
  u64,
} from './xxh3-arithmetic.ts';

/** XXH3 of at most 16 bytes. */

/** First, middle and last byte and the length in one word of 32 bits. */
function combined(input: DataView): number {
  const length = input.byteLength;
  return (input.getUint8(length - 1) | (length << 8) | (input.getUint8(0) << 16) | (input.getUint8(length >> 1) << 24)) >>> 0;
}

export function small64(input: DataView): bigint {
  const length = input.byteLength;
  if (length === 0) return avalancheOfXxh64(secretPair(56));
  if (length <= 3) return avalancheOfXxh64(BigInt((secret.getUint32(0, true) ^ secret.getUint32(4, true) ^ combined(input)) >>> 0));
  if (length <= 8) {
    const words = BigInt(input.getUint32(length - 4, true)) | (BigInt(input.getUint32(0, true)) << 32n);
    let value = secretPair(8) ^ words;
    value = u64((value ^ rotate(value, 49n) ^ rotate(value, 24n)) * primeMixTwo);
    value = u64((value ^ ((value >> 35n) + BigInt(length))) * primeMixTwo);
    return value ^ (value >> 28n);
  }
  const low = secretPair(24) ^ input.getBigUint64(0, true);
  const high = secretPair(40) ^ input.getBigUint64(length - 8, true);
  return avalanche(u64(BigInt(length) + swapBytes(low) + high + foldedProduct(low, high)));
}

export function small128(input: DataView): readonly [low: bigint, high: bigint] {
  const length = input.byteLength;
  if (length === 0) return [avalancheOfXxh64(secretPair(64)), avalancheOfXxh64(secretPair(80))];
  if (length <= 3) return upToThree(input);
  if (length <= 8) return fourToEight(input);
  const last = input.getBigUint64(length - 8, true);
  const mixed = secretPair(48) ^ last;
  const product = (secretPair(32) ^ input.getBigUint64(0, true) ^ last) * primeOne;
  let low = u64(u64(product) + (BigInt(length - 1) << 54n));
  const high = u64((product >> 64n) + ((mixed >> 32n) << 32n) + (mixed & 0xffff_ffffn) * prime32Two);
  low ^= swapBytes(high);
  const second = low * primeTwo;
  return [avalanche(u64(second)), avalanche(u64((second >> 64n) + high * primeTwo))];
}

function upToThree(input: DataView): readonly [low: bigint, high: bigint] {
  const word = combined(input);
  const swapped = ((word >>> 24) | ((word >>> 8) & 0xff00) | ((word << 8) & 0xff_0000) | (word << 24)) >>> 0;
  const turned = ((swapped << 13) | (swapped >>> 19)) >>> 0;
  const low = (secret.getUint32(0, true) ^ secret.getUint32(4, true) ^ word) >>> 0;
  const high = (secret.getUint32(8, true) ^ secret.getUint32(12, true) ^ turned) >>> 0;
  return [avalancheOfXxh64(BigInt(low)), avalancheOfXxh64(BigInt(high))];
}

function fourToEight(input: DataView): readonly [low: bigint, high: bigint] {
  const length = input.byteLength;
  const words = BigInt(input.getUint32(0, true)) | (BigInt(input.getUint32(length - 4, true)) << 32n);
  const product = (secretPair(16) ^ words) * u64(primeOne + BigInt(length << 2));
  let low = u64(product);
  const high = u64((product >> 64n) + (low << 1n));
  low ^= high >> 3n;
  low = u64((low ^ (low >> 35n)) * primeMixTwo);
  return [low ^ (low >> 28n), avalanche(high)];
}
