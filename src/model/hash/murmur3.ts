/** MurmurHash3 with seed 0, as its author published it (x86 32 bit, x64 128 bit); the hex text has the lowest byte first. */

export function murmur3(message: Uint8Array): string {
  const view = new DataView(message.buffer, message.byteOffset, message.length);
  const whole = message.length & ~3;
  let hash = 0;
  for (let at = 0; at < whole; at += 4) {
    hash ^= scramble32(view.getInt32(at, true));
    hash = (Math.imul((hash << 13) | (hash >>> 19), 5) + 0xe6546b64) | 0;
  }
  let rest = 0;
  for (let at = message.length - 1; at >= whole; at--) rest = (rest << 8) | message[at]!;
  if (whole < message.length) hash ^= scramble32(rest);
  hash ^= message.length;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  hash ^= hash >>> 16;
  return lowestByteFirst(BigInt(hash >>> 0), 4);
}

function scramble32(word: number): number {
  const mixed = Math.imul(word, 0xcc9e2d51);
  return Math.imul((mixed << 15) | (mixed >>> 17), 0x1b873593);
}

const first = 0x87c37b91114253d5n;
const second = 0x4cf5ad432745937fn;

export function murmur3Of128(message: Uint8Array): string {
  const whole = message.length & ~15;
  const view = new DataView(message.buffer, message.byteOffset, message.length);
  let low = 0n;
  let high = 0n;
  for (let at = 0; at < whole; at += 16) {
    low ^= scrambleLow(view.getBigUint64(at, true));
    low = u64((rotate(low, 27n) + high) * 5n + 0x52dce729n);
    high ^= scrambleHigh(view.getBigUint64(at + 8, true));
    high = u64((rotate(high, 31n) + low) * 5n + 0x38495ab5n);
  }
  const tail = new DataView(new ArrayBuffer(16));
  for (let at = whole; at < message.length; at++) tail.setUint8(at - whole, message[at]!);
  high ^= scrambleHigh(tail.getBigUint64(8, true));
  low ^= scrambleLow(tail.getBigUint64(0, true));
  const length = BigInt(message.length);
  low = u64((low ^ length) + (high ^ length));
  high = u64((high ^ length) + low);
  low = avalanche(low);
  high = avalanche(high);
  low = u64(low + high);
  high = u64(high + low);
  return lowestByteFirst(low, 8) + lowestByteFirst(high, 8);
}

function scrambleLow(word: bigint): bigint {
  return u64(rotate(u64(word * first), 31n) * second);
}

function scrambleHigh(word: bigint): bigint {
  return u64(rotate(u64(word * second), 33n) * first);
}

function avalanche(word: bigint): bigint {
  let mixed = u64((word ^ (word >> 33n)) * 0xff51afd7ed558ccdn);
  mixed = u64((mixed ^ (mixed >> 33n)) * 0xc4ceb9fe1a85ec53n);
  return mixed ^ (mixed >> 33n);
}

function rotate(word: bigint, by: bigint): bigint {
  return u64((word << by) | (word >> (64n - by)));
}

function u64(word: bigint): bigint {
  return BigInt.asUintN(64, word);
}

function lowestByteFirst(word: bigint, bytes: number): string {
  let hex = '';
  for (let at = 0; at < bytes; at++) hex += ((word >> BigInt(at * 8)) & 0xffn).toString(16).padStart(2, '0');
  return hex;
}
