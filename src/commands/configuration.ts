/** `validate`, `print-config`, `components`. */
import { formatProblem } from '../config/load.ts';
import { componentsYaml, printConfig } from '../config/print.ts';
import { systemClock } from '../service/clock.ts';
import { factories } from '../service/components.ts';
import { dryRun } from '../service/dry-run.ts';
import { type ConfigOptions, load } from './load.ts';

/** Loads and builds everything short of starting it. Warnings go to stderr; a good configuration says nothing else. */
export async function validate(options: ConfigOptions): Promise<void> {
  const loaded = await load(options);
  for (const warning of loaded.warnings) process.stderr.write(`${formatProblem(warning)}\n`);
  dryRun(loaded.config, systemClock);
}

export async function print({ format, ...options }: ConfigOptions & { readonly format: string }): Promise<void> {
  const loaded = await load(options);
  process.stdout.write(printConfig(loaded, { format: format === 'json' ? 'json' : 'yaml' }));
}

export function components(version: string): void {
  process.stdout.write(componentsYaml(factories, version));
}
