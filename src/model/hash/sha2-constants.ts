/** The first `count` primes. */
function primes(count: number): readonly bigint[] {
  const found: bigint[] = [];
  for (let candidate = 2n; found.length < count; candidate++) {
    if (found.every((prime) => candidate % prime !== 0n)) found.push(candidate);
  }
  return found;
}

/** The largest integer whose power is not above `value`: Newton's method from above. */
function integerRoot(value: bigint, power: bigint): bigint {
  let root = 1n << (BigInt(value.toString(2).length) / power + 1n);
  for (;;) {
    const next = ((power - 1n) * root + value / root ** (power - 1n)) / power;
    if (next >= root) return root;
    root = next;
  }
}

/** The first 64 bits of the fractions of roots of the first primes: the constants of SHA-2 (RFC 6234 §5). They are made, not copied. */
function fractions(count: number, power: bigint): readonly bigint[] {
  return primes(count).map((prime) => BigInt.asUintN(64, integerRoot(prime << (64n * power), power)));
}

/** Round constants: cube roots of the first 80 primes; SHA-256 takes the upper halves of the first 64. */
export const roundConstants: readonly bigint[] = fractions(80, 3n);
/** Initial state: square roots of the first 8 primes. */
export const initialState: readonly bigint[] = fractions(8, 2n);

export function upperHalves(words: readonly bigint[]): Int32Array {
  return Int32Array.from(words, (word) => Number(word >> 32n));
}

export function lowerHalves(words: readonly bigint[]): Int32Array {
  return Int32Array.from(words, (word) => Number(word & 0xffff_ffffn));
}
