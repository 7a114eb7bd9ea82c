// Runs every check and test, and ends with one line: "N passed, N failed".
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

process.chdir(new URL('..', import.meta.url).pathname);
const folder = mkdtempSync(join(tmpdir(), 'spanway-test-'));
const report = join(folder, 'report.json');

let failedChecks = 0;
const checks =
  process.argv.length > 2
    ? []
    : [
        ['npm', ['run', '--silent', 'types']],
        ['npm', ['run', '--silent', 'lint']],
        ['node', ['scripts/law.mjs']],
      ];
for (const [command, args] of checks) {
  const { status } = spawnSync(command, args, { stdio: 'inherit' });
  if (status !== 0) {
    failedChecks += 1;
    console.log(`FAILED: ${command} ${args.join(' ')}`);
  }
}

spawnSync(
  'node',
  [
    'node_modules/vitest/vitest.mjs',
    'run',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${report}`,
    ...process.argv.slice(2),
  ],
  { stdio: 'inherit' },
);

let passed = 0;
let failed = failedChecks;
try {
  const results = JSON.parse(readFileSync(report, 'utf8'));
  passed += results.numPassedTests;
  failed += results.numFailedTests + results.numPendingTests;
  // A file that does not even load has no tests to count.
  for (const file of results.testResults) if (file.status === 'failed' && file.assertionResults.length === 0) failed += 1;
} catch {
  failed += 1;
  console.log('FAILED: the test run left no report');
}
passed += checks.length - failedChecks;
rmSync(folder, { recursive: true, force: true });
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 && passed > 0 ? 0 : 1;
