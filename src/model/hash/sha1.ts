import { hexOfWords, padded } from './blocks.ts';

const constants = [0x5a827999, 0x6ed9eba1, 0x8f1bbcdc, 0xca62c1d6] as const;

/** SHA-1 (RFC 3174) in lower-case hex. For compatibility only: not a safe hash. */
export function sha1(message: Uint8Array): string {
  const blocks = padded(message, 64, false);
  const state = new Int32Array([0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0]);
  const words = new Int32Array(80);
  for (let start = 0; start < blocks.byteLength; start += 64) absorb(blocks, start, words, state);
  return hexOfWords(state);
}

function absorb(blocks: DataView, start: number, words: Int32Array, state: Int32Array): void {
  for (let at = 0; at < 16; at++) words[at] = blocks.getInt32(start + at * 4);
  for (let at = 16; at < 80; at++) words[at] = rotate(words[at - 3]! ^ words[at - 8]! ^ words[at - 14]! ^ words[at - 16]!, 1);
  let a = state[0]!;
  let b = state[1]!;
  let c = state[2]!;
  let d = state[3]!;
  let e = state[4]!;
  for (let at = 0; at < 80; at++) {
    const mix = at < 20 ? (b & c) | (~b & d) : at >= 40 && at < 60 ? (b & c) | (b & d) | (c & d) : b ^ c ^ d;
    const next = (rotate(a, 5) + mix + e + constants[Math.floor(at / 20)]! + words[at]!) | 0;
    e = d;
    d = c;
    c = rotate(b, 30);
    b = a;
    a = next;
  }
  state[0]! += a;
  state[1]! += b;
  state[2]! += c;
  state[3]! += d;
  state[4]! += e;
}

function rotate(word: number, by: number): number {
  return (word << by) | (word >>> (32 - by));
}
