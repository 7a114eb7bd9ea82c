/** How long each fuzzer runs, and from where: a second from a fixed seed among the tests, longer from a new one with `npm run fuzz`. */
export const fuzzMs = Number(process.env.SPANWAY_FUZZ_MS ?? 1_000);

/** Numbers that look random and are the same for the same seed. */
export function seeded(salt: number): () => number {
  let state = (Number(process.env.SPANWAY_FUZZ_SEED ?? 1) + salt) >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
