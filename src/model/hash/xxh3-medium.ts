import { avalanche, foldedProduct, primeFour, primeOne, primeTwo, secret, u64 } from './xxh3-arithmetic.ts';

/** XXH3 of 17 to 240 bytes. */

function mix(input: DataView, at: number, secretOffset: number): bigint {
  return foldedProduct(
    input.getBigUint64(at, true) ^ secret.getBigUint64(secretOffset, true),
    input.getBigUint64(at + 8, true) ^ secret.getBigUint64(secretOffset + 8, true),
  );
}

export function medium64(input: DataView): bigint {
  const length = input.byteLength;
  let state = u64(BigInt(length) * primeOne);
  if (length <= 128) {
    for (let round = (length - 1) >> 5; round >= 0; round--) {
      state = u64(state + mix(input, round * 16, round * 32) + mix(input, length - round * 16 - 16, round * 32 + 16));
    }
    return avalanche(state);
  }
  for (let chunk = 0; chunk < 8; chunk++) state = u64(state + mix(input, chunk * 16, chunk * 16));
  state = avalanche(state);
  for (let chunk = 8; chunk < length >> 4; chunk++) state = u64(state + mix(input, chunk * 16, (chunk - 8) * 16 + 3));
  return avalanche(u64(state + mix(input, length - 16, 119)));
}

type State = [low: bigint, high: bigint];

function mixTwo(state: State, input: DataView, one: number, other: number, secretOffset: number): void {
  const [low, high] = state;
  state[0] = u64(low + mix(input, one, secretOffset)) ^ u64(input.getBigUint64(other, true) + input.getBigUint64(other + 8, true));
  state[1] = u64(high + mix(input, other, secretOffset + 16)) ^ u64(input.getBigUint64(one, true) + input.getBigUint64(one + 8, true));
}

export function medium128(input: DataView): readonly [low: bigint, high: bigint] {
  const length = input.byteLength;
  const state: State = [u64(BigInt(length) * primeOne), 0n];
  if (length <= 128) {
    for (let round = (length - 1) >> 5; round >= 0; round--) mixTwo(state, input, round * 16, length - round * 16 - 16, round * 32);
  } else {
    for (let chunk = 0; chunk < 4; chunk++) mixTwo(state, input, chunk * 32, chunk * 32 + 16, chunk * 32);
    state[0] = avalanche(state[0]);
    state[1] = avalanche(state[1]);
    for (let chunk = 4; chunk < length >> 5; chunk++) mixTwo(state, input, chunk * 32, chunk * 32 + 16, (chunk - 4) * 32 + 3);
    mixTwo(state, input, length - 16, length - 32, 103);
  }
  const [low, high] = state;
  return [avalanche(u64(low + high)), u64(-avalanche(u64(low * primeOne + high * primeFour + BigInt(length) * primeTwo)))];
}
