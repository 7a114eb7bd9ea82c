/**
 * Each folder of golden/ holds a configuration and exactly what is said about it: problems, else warnings and what print-config shows.
 * `args.txt` (optional) holds further `--config` and `--set` arguments, `env.txt` the environment. SPANWAY_WRITE_DOCS=1 writes expected.txt anew.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { formatProblem, loadConfig } from '../../src/config/load.ts';
import { printConfig } from '../../src/config/print.ts';
import { factories } from './factories.ts';

const golden = join(import.meta.dirname, 'golden');

function lines(path: string): string[] {
  return existsSync(path)
    ? readFileSync(path, 'utf8')
        .split('\n')
        .filter((line) => line !== '')
    : [];
}

async function outcome(folder: string): Promise<string> {
  const env = Object.fromEntries(
    lines(join(folder, 'env.txt')).map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
  );
  const args = lines(join(folder, 'args.txt')).map((line) => line.replaceAll('$FOLDER', folder));
  const uris = args.filter((line) => line.startsWith('--config ')).map((line) => line.slice('--config '.length));
  const sets = args.filter((line) => line.startsWith('--set ')).map((line) => line.slice('--set '.length));
  const loaded = await loadConfig({ uris: [join(folder, 'gateway.yaml'), ...uris], sets, env: { ...env, FOLDER: folder }, factories });
  const problems = loaded.ok ? [] : loaded.problems.map(formatProblem);
  const warnings = loaded.warnings.map((warning) => `warning: ${formatProblem(warning)}`);
  const text = [...problems, ...warnings, ...(loaded.ok ? [printConfig(loaded, { format: 'yaml' })] : [])].join('\n');
  return `${text.replaceAll(`${folder}/`, '').replaceAll(folder, '.').trimEnd()}\n`;
}

describe('golden configurations', () => {
  for (const name of readdirSync(golden)) {
    it(`says of ${name.replaceAll('-', ' ')} what expected.txt says`, async () => {
      const folder = join(golden, name);
      const said = await outcome(folder);
      const expected = join(folder, 'expected.txt');
      if (process.env.SPANWAY_WRITE_DOCS === '1') writeFileSync(expected, said);
      expect(said).toBe(readFileSync(expected, 'utf8'));
    });
  }
});
