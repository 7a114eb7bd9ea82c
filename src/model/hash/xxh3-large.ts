import {
  avalanche,
  foldedProduct,
  prime32One,
  prime32Three,
  prime32Two,
  primeFive,
  primeFour,
  primeOne,
  primeThree,
  primeTwo,
  secret,
  u64,
} from './xxh3-arithmetic.ts';

/** XXH3 of more than 240 bytes: blocks of 16 stripes of 64 bytes. */
const stripeBytes = 64;
const blockBytes = 1024;

function accumulate(state: BigUint64Array, input: DataView, at: number, secretOffset: number): void {
  for (let lane = 0; lane < 8; lane++) {
    const word = input.getBigUint64(at + lane * 8, true);
    const keyed = word ^ secret.getBigUint64(secretOffset + lane * 8, true);
    state[lane ^ 1]! += word;
    state[lane]! += (keyed & 0xffff_ffffn) * (keyed >> 32n);
  }
}

function scramble(state: BigUint64Array): void {
  for (let lane = 0; lane < 8; lane++) {
    const word = state[lane]!;
    state[lane] = (word ^ (word >> 47n) ^ secret.getBigUint64(128 + lane * 8, true)) * prime32One;
  }
}

function absorb(input: DataView): BigUint64Array {
  const length = input.byteLength;
  const state = BigUint64Array.of(prime32Three, primeOne, primeTwo, primeThree, primeFour, prime32Two, primeFive, prime32One);
  const lastBlock = Math.floor((length - 1) / blockBytes) * blockBytes;
  for (let block = 0; block < lastBlock; block += blockBytes) {
    for (let stripe = 0; stripe < 16; stripe++) accumulate(state, input, block + stripe * stripeBytes, stripe * 8);
    scramble(state);
  }
  const stripes = Math.floor((length - lastBlock - 1) / stripeBytes);
  for (let stripe = 0; stripe < stripes; stripe++) accumulate(state, input, lastBlock + stripe * stripeBytes, stripe * 8);
  accumulate(state, input, length - stripeBytes, 121);
  return state;
}

function merge(state: BigUint64Array, initial: bigint, secretOffset: number): bigint {
  let result = initial;
  for (let lane = 0; lane < 8; lane += 2) {
    const one = state[lane]! ^ secret.getBigUint64(secretOffset + lane * 8, true);
    const other = state[lane + 1]! ^ secret.getBigUint64(secretOffset + lane * 8 + 8, true);
    result += foldedProduct(one, other);
  }
  return avalanche(u64(result));
}

export function large64(input: DataView): bigint {
  return merge(absorb(input), u64(BigInt(input.byteLength) * primeOne), 11);
}

export function large128(input: DataView): readonly [low: bigint, high: bigint] {
  const state = absorb(input);
  const length = BigInt(input.byteLength);
  return [merge(state, u64(length * primeOne), 11), merge(state, u64(~(length * primeTwo)), 117)];
}
