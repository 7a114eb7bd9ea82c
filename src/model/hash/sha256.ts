import { hexOfWords, padded } from './blocks.ts';
import { initialState, roundConstants, upperHalves } from './sha2-constants.ts';

const constants = upperHalves(roundConstants.slice(0, 64));
const initial = upperHalves(initialState);

/** SHA-256 (RFC 6234) in lower-case hex. */
export function sha256(message: Uint8Array): string {
  const blocks = padded(message, 64, false);
  const state = initial.slice();
  const words = new Int32Array(64);
  for (let start = 0; start < blocks.byteLength; start += 64) absorb(blocks, start, words, state);
  return hexOfWords(state);
}

function absorb(blocks: DataView, start: number, words: Int32Array, state: Int32Array): void {
  for (let at = 0; at < 16; at++) words[at] = blocks.getInt32(start + at * 4);
  for (let at = 16; at < 64; at++) {
    const early = words[at - 15]!;
    const late = words[at - 2]!;
    const spread = rotate(early, 7) ^ rotate(early, 18) ^ (early >>> 3);
    const mixed = rotate(late, 17) ^ rotate(late, 19) ^ (late >>> 10);
    words[at] = words[at - 16]! + spread + words[at - 7]! + mixed;
  }
  let a = state[0]!;
  let b = state[1]!;
  let c = state[2]!;
  let d = state[3]!;
  let e = state[4]!;
  let f = state[5]!;
  let g = state[6]!;
  let h = state[7]!;
  for (let at = 0; at < 64; at++) {
    const chosen = (e & f) ^ (~e & g);
    const first = (h + (rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)) + chosen + constants[at]! + words[at]!) | 0;
    const majority = (a & b) ^ (a & c) ^ (b & c);
    const second = ((rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)) + majority) | 0;
    h = g;
    g = f;
    f = e;
    e = (d + first) | 0;
    d = c;
    c = b;
    b = a;
    a = (first + second) | 0;
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

function rotate(word: number, by: number): number {
  return (word >>> by) | (word << (32 - by));
}
