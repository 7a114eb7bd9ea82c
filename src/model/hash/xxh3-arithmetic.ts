/** 64-bit arithmetic, primes, secret and final mixing that all cases of XXH3 share (xxHash specification, "XXH3 Algorithm Overview"; seed 0). */

export const prime32One = 0x9e3779b1n;
export const prime32Two = 0x85ebca77n;
export const prime32Three = 0xc2b2ae3dn;
export const primeOne = 0x9e3779b185ebca87n;
export const primeTwo = 0xc2b2ae3d27d4eb4fn;
export const primeThree = 0x165667b19e3779f9n;
export const primeFour = 0x85ebca77c2b2ae63n;
export const primeFive = 0x27d4eb2f165667c5n;
export const primeMixTwo = 0x9fb21c651e98df25n;
const primeMixOne = 0x165667919e3779f9n;

const secretHex =
  'b8fe6c3923a44bbe7c01812cf721ad1cded46de9839097db7240a4a4b7b3671fcb79e64eccc0e578825ad07dccff7221b8084674f743248ee03590e6813a264c' +
  '3c2852bb91c300cb88d0658b1b532ea371644897a20df94e3819ef46a9deacd8a8fa763fe39c343ff9dcbbc7c70b4f1d8a51e04bcdb45931c89f7ec9d9787364' +
  'eac5ac8334d3ebc3c581a0fffa1363eb170ddd51b7f0da49d316552629d4689e2b16be587d47a1fc8ff8b8d17ad031ce45cb3a8f95160428afd7fbcabb4b407e';

/** The default secret, 192 bytes. */
export const secret: DataView = new DataView(
  Uint8Array.from({ length: 192 }, (_, at) => Number.parseInt(secretHex.slice(at * 2, at * 2 + 2), 16)).buffer,
);

export function u64(value: bigint): bigint {
  return BigInt.asUintN(64, value);
}

/** The secret's words at two neighbouring places, xored. */
export function secretPair(offset: number): bigint {
  return secret.getBigUint64(offset, true) ^ secret.getBigUint64(offset + 8, true);
}

/** Both halves of the 128-bit product, xored. */
export function foldedProduct(left: bigint, right: bigint): bigint {
  const product = left * right;
  return u64(product) ^ (product >> 64n);
}

export function avalanche(value: bigint): bigint {
  const mixed = u64((value ^ (value >> 37n)) * primeMixOne);
  return mixed ^ (mixed >> 32n);
}

/** The final mixing of the older XXH64. */
export function avalancheOfXxh64(value: bigint): bigint {
  let mixed = u64((value ^ (value >> 33n)) * primeTwo);
  mixed = u64((mixed ^ (mixed >> 29n)) * primeThree);
  return mixed ^ (mixed >> 32n);
}

export function rotate(value: bigint, by: bigint): bigint {
  return u64((value << by) | (value >> (64n - by)));
}

export function swapBytes(value: bigint): bigint {
  let swapped = 0n;
  for (let at = 0n; at < 64n; at += 8n) swapped = (swapped << 8n) | ((value >> at) & 0xffn);
  return swapped;
}
