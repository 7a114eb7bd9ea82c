/** `spanway test DIR`: a user's own pipeline tests. */
import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import { Fault } from '../model/fault.ts';
import { casesIn, runCase, updateCase } from '../service/trial/cases.ts';
import { type ConfigOptions, load } from './load.ts';

export interface TestOptions extends ConfigOptions {
  readonly update: boolean;
}

export async function test(directory: string, { update, ...options }: TestOptions): Promise<void> {
  let failed = 0;
  const cases = casesIn(directory);
  for (const folder of cases) {
    const { config } = await load(configFor(folder, directory, options));
    if (update) {
      for (const path of await updateCase(folder, config)) process.stdout.write(`wrote   ${path}\n`);
      continue;
    }
    const lines = await runCase(folder, config).catch((error: unknown) => {
      const { message, hint } = Fault.of(error);
      return hint === undefined ? [message] : [message, `  ${hint}`];
    });
    if (lines.length > 0) failed += 1;
    process.stdout.write(`${lines.length > 0 ? 'FAILED ' : 'ok     '} ${basename(folder)}\n${lines.map((line) => `  ${line}\n`).join('')}`);
  }
  if (update) return;
  process.stdout.write(`\n${cases.length} ${cases.length === 1 ? 'case' : 'cases'}, ${failed} failed\n`);
  if (failed > 0) process.exitCode = 1;
}

function configFor(folder: string, directory: string, { config, set }: ConfigOptions): ConfigOptions {
  const own = join(folder, 'gateway.yaml');
  if (existsSync(own)) return { config: [own], set };
  if (config.length > 0) return { config, set };
  const shared = join(directory, 'gateway.yaml');
  if (existsSync(shared)) return { config: [shared], set };
  throw new Fault('GW_CONFIG_INVALID', `cannot test ${folder}: there is no configuration`, {
    hint: `name one with --config, or write ${shared} or ${own}`,
  });
}
