// `npm run chaos [-- SPANS]`: a million spans by default, from a new seed, which is printed so that a finding can be repeated.
import { spawnSync } from 'node:child_process';

const spans = process.argv[2] ?? '1000000';
const seed = process.env.SPANWAY_CHAOS_SEED ?? `${Math.floor(Math.random() * 2 ** 31)}`;
console.log(`chaos over ${spans} spans; repeat with SPANWAY_CHAOS_SEED=${seed}`);
const { status } = spawnSync('node', ['node_modules/vitest/vitest.mjs', 'run', 'test/chaos'], {
  stdio: 'inherit',
  env: { ...process.env, SPANWAY_CHAOS_SPANS: spans, SPANWAY_CHAOS_SEED: seed },
});
process.exitCode = status ?? 1;
