import { bytes } from '../../../model/bytes.ts';

/** SHA-1 (RFC 3174) of UTF-8 text, for name-based ids only. The pure rooms have no crypto of the platform. */
function sha1(text: string): Uint8Array {
  const message = bytes.from(text);
  const blocks = new Uint8Array((((message.length + 8) >> 6) + 1) << 6);
  blocks.set(message);
  blocks[message.length] = 0x80;
  const view = new DataView(blocks.buffer);
  view.setUint32(blocks.length - 8, Math.floor(message.length / 0x2000_0000));
  view.setUint32(blocks.length - 4, message.length << 3);
  const state = new Int32Array([0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0]);
  const words = new Int32Array(80);
  for (let block = 0; block < blocks.length; block += 64) round(view, block, words, state);
  const digest = new DataView(new ArrayBuffer(20));
  for (let at = 0; at < 5; at++) digest.setInt32(at * 4, state[at]!);
  return new Uint8Array(digest.buffer);
}

function round(view: DataView, block: number, words: Int32Array, state: Int32Array): void {
  for (let at = 0; at < 16; at++) words[at] = view.getInt32(block + at * 4);
  for (let at = 16; at < 80; at++) words[at] = rotate(words[at - 3]! ^ words[at - 8]! ^ words[at - 14]! ^ words[at - 16]!, 1);
  let [a, b, c, d, e] = state as unknown as [number, number, number, number, number];
  for (let at = 0; at < 80; at++) {
    const [mix, constant] =
      at < 20
        ? [(b & c) | (~b & d), 0x5a827999]
        : at < 40
          ? [b ^ c ^ d, 0x6ed9eba1]
          : at < 60
            ? [(b & c) | (b & d) | (c & d), 0x8f1bbcdc]
            : [b ^ c ^ d, 0xca62c1d6];
    const next = (rotate(a, 5) + mix + e + constant + words[at]!) | 0;
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

/** A UUID of version 5 (RFC 9562 §5.5); the namespace is a part of the name, as text. */
export function uuidV5(namespace: string, name: string): string {
  const digest = sha1(`spanway:${namespace}:${name}`).subarray(0, 16);
  digest[6] = (digest[6]! & 0x0f) | 0x50;
  digest[8] = (digest[8]! & 0x3f) | 0x80;
  const hex = bytes.from(digest.buffer, digest.byteOffset, 16).hexSlice();
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
