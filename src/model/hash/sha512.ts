import { padded } from './blocks.ts';
import { initialState, roundConstants } from './sha2-constants.ts';

const constants = BigUint64Array.from(roundConstants);

/** SHA-512 (RFC 6234) in lower-case hex. Written on 64-bit integers for plainness: nobody hashes much with it. */
export function sha512(message: Uint8Array): string {
  const blocks = padded(message, 128, false);
  const state = BigUint64Array.from(initialState);
  const words = new BigUint64Array(80);
  for (let start = 0; start < blocks.byteLength; start += 128) absorb(blocks, start, words, state);
  return Array.from(state, (word) => word.toString(16).padStart(16, '0')).join('');
}

function absorb(blocks: DataView, start: number, words: BigUint64Array, state: BigUint64Array): void {
  for (let at = 0; at < 16; at++) words[at] = blocks.getBigUint64(start + at * 8);
  for (let at = 16; at < 80; at++) {
    const early = words[at - 15]!;
    const late = words[at - 2]!;
    const spread = rotate(early, 1n) ^ rotate(early, 8n) ^ (early >> 7n);
    const mixed = rotate(late, 19n) ^ rotate(late, 61n) ^ (late >> 6n);
    words[at] = words[at - 16]! + spread + words[at - 7]! + mixed;
  }
  let [a, b, c, d, e, f, g, h] = state as unknown as [bigint, bigint, bigint, bigint, bigint, bigint, bigint, bigint];
  for (let at = 0; at < 80; at++) {
    const chosen = (e & f) ^ (~e & g);
    const first = h + (rotate(e, 14n) ^ rotate(e, 18n) ^ rotate(e, 41n)) + chosen + constants[at]! + words[at]!;
    const majority = (a & b) ^ (a & c) ^ (b & c);
    const second = (rotate(a, 28n) ^ rotate(a, 34n) ^ rotate(a, 39n)) + majority;
    h = g;
    g = f;
    f = e;
    e = BigInt.asUintN(64, d + first);
    d = c;
    c = b;
    b = a;
    a = BigInt.asUintN(64, first + second);
  }
  state[0]! += a;
  state[1]! += b;
  state[2]! += c;
  state[3]! += d;
  state[4]! += e;
  state[5]! += f;
  state[6]! += g;
  state[7]! += h;
}

function rotate(word: bigint, by: bigint): bigint {
  return BigInt.asUintN(64, (word >> by) | (word << (64n - by)));
}
