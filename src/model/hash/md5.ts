import { hexOfWords, padded } from './blocks.ts';

const shifts = [
  [7, 12, 17, 22],
  [5, 9, 14, 20],
  [4, 11, 16, 23],
  [6, 10, 15, 21],
] as const;
const sines = Int32Array.from({ length: 64 }, (_, at) => Math.floor(Math.abs(Math.sin(at + 1)) * 2 ** 32));

/** MD5 (RFC 1321) in lower-case hex. For compatibility only: not a safe hash. */
export function md5(message: Uint8Array): string {
  const blocks = padded(message, 64, true);
  const state = new Int32Array([0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476]);
  for (let start = 0; start < blocks.byteLength; start += 64) absorb(blocks, start, state);
  const digest = new DataView(state.buffer);
  return hexOfWords(Int32Array.from(state, (_, at) => digest.getInt32(at * 4)));
}

function absorb(blocks: DataView, start: number, state: Int32Array): void {
  let a = state[0]!;
  let b = state[1]!;
  let c = state[2]!;
  let d = state[3]!;
  for (let step = 0; step < 64; step++) {
    const round = step >> 4;
    let mix: number;
    let word: number;
    if (round === 0) {
      mix = (b & c) | (~b & d);
      word = step;
    } else if (round === 1) {
      mix = (d & b) | (~d & c);
      word = (5 * step + 1) & 15;
    } else if (round === 2) {
      mix = b ^ c ^ d;
      word = (3 * step + 5) & 15;
    } else {
      mix = c ^ (b | ~d);
      word = (7 * step) & 15;
    }
    const sum = (a + mix + sines[step]! + blocks.getInt32(start + word * 4, true)) | 0;
    const by = shifts[round]![step & 3]!;
    a = d;
    d = c;
    c = b;
    b = (b + ((sum << by) | (sum >>> (32 - by)))) | 0;
  }
  state[0]! += a;
  state[1]! += b;
  state[2]! += c;
  state[3]! += d;
}
