// `npm run soak [-- SECONDS]`: ten minutes by default.
import { spawnSync } from 'node:child_process';

const seconds = process.argv[2] ?? '600';
console.log(`mixed load with faults for ${seconds} s`);
const { status } = spawnSync('node', ['node_modules/vitest/vitest.mjs', 'run', 'test/soak'], {
  stdio: 'inherit',
  env: { ...process.env, SPANWAY_SOAK_SECONDS: seconds },
});
process.exitCode = status ?? 1;
