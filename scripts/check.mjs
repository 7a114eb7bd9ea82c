// The quick check: types, lint, import law, documents, unit, golden and property tests; without the slow end-to-end and crash tests.
import { spawnSync } from 'node:child_process';

process.chdir(new URL('..', import.meta.url).pathname);
let failed = 0;
for (const [command, args] of [
  ['npm', ['run', '--silent', 'types']],
  ['npm', ['run', '--silent', 'lint']],
  ['node', ['scripts/law.mjs']],
  [
    'node',
    [
      'node_modules/vitest/vitest.mjs',
      'run',
      '--exclude',
      'test/e2e/**',
      '--exclude',
      'test/crash/**',
      '--exclude',
      'test/chaos/**',
      '--exclude',
      'test/workers/**',
      '--exclude',
      'test/clients/**',
      '--exclude',
      'test/deploy/**',
      '--exclude',
      'test/canary/**',
    ],
  ],
]) {
  const { status } = spawnSync(command, args, { stdio: 'inherit' });
  if (status !== 0) {
    failed += 1;
    console.log(`FAILED: ${command} ${args.join(' ')}`);
  }
}
process.exitCode = failed === 0 ? 0 : 1;
