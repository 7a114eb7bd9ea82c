/**
 * FNV-1a of 64 bits, as a signed int64. The state is kept in four pieces of 16 bits: the prime is 2^40 + 0x1b3, so a step is a few small
 * multiplications and no BigInt.
 */
export function fnv1a(message: Uint8Array): bigint {
  let a = 0x2325;
  let b = 0x8422;
  let c = 0x9ce4;
  let d = 0xcbf2;
  for (let at = 0; at < message.length; at++) {
    a ^= message[at]!;
    const first = a * 0x1b3;
    const second = b * 0x1b3 + (first >>> 16);
    const third = c * 0x1b3 + a * 0x100 + (second >>> 16);
    const fourth = d * 0x1b3 + b * 0x100 + (third >>> 16);
    a = first & 0xffff;
    b = second & 0xffff;
    c = third & 0xffff;
    d = fourth & 0xffff;
  }
  return BigInt.asIntN(64, (BigInt(d) << 48n) | (BigInt(c) << 32n) | (BigInt(b) << 16n) | BigInt(a));
}
