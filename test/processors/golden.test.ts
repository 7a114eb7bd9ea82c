/**
 * Each folder of test/golden/ is a configuration with an OTLP export that is sent through it. `out.otlp.json` holds what each exporter gets;
 * a folder without an export shows what is said of a bad configuration, in `problems.txt`. SPANWAY_WRITE_DOCS=1 writes the expected files anew.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { caller, world } from './batches.ts';
import { problemsIn, send } from './golden.ts';

const golden = join(import.meta.dirname, '..', 'golden');

function expectFile(path: string, text: string): void {
  if (process.env.SPANWAY_WRITE_DOCS === '1') writeFileSync(path, text);
  expect(text).toBe(readFileSync(path, 'utf8'));
}

describe('golden pipelines', () => {
  for (const name of readdirSync(golden)) {
    const folder = join(golden, name);
    it(name.replaceAll('-', ' '), async () => {
      const input = join(folder, 'in.otlp.json');
      if (!existsSync(input)) {
        expectFile(join(folder, 'problems.txt'), `${await problemsIn(folder)}\n`);
        return;
      }
      const got = await send(folder, readFileSync(input, 'utf8'), caller, world().deps);
      expectFile(join(folder, 'out.otlp.json'), `${JSON.stringify(Object.fromEntries(got), undefined, 2)}\n`);
    });
  }
});
