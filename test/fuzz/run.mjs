// `npm run fuzz [-- SECONDS]`: every fuzzer for so long (60 s by default) from a new seed, which is printed so that a finding can be repeated.
import { spawnSync } from 'node:child_process';

const seconds = Number(process.argv[2] ?? 60);
const seed = process.env.SPANWAY_FUZZ_SEED ?? `${Math.floor(Math.random() * 2 ** 32)}`;
console.log(`fuzzing ${seconds} s each; repeat with SPANWAY_FUZZ_SEED=${seed}`);
const { status } = spawnSync('node', ['node_modules/vitest/vitest.mjs', 'run', 'test/fuzz', `--testTimeout=${(seconds + 30) * 1000}`], {
  stdio: 'inherit',
  env: { ...process.env, SPANWAY_FUZZ_MS: `${seconds * 1000}`, SPANWAY_FUZZ_SEED: seed },
});
process.exitCode = status ?? 1;
