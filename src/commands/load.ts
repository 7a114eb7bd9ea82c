/** Loads a configuration for a command, or ends it: every problem on stderr, exit code 1. */
import { formatProblem, type Loaded, loadConfig } from '../config/load.ts';
import { Fault } from '../model/fault.ts';
import { factories } from '../service/components.ts';

export interface ConfigOptions {
  readonly config: readonly string[];
  readonly set: readonly string[];
}

export type GoodConfig = Extract<Loaded, { ok: true }>;

export async function load(
  { config, set }: ConfigOptions,
  env: Readonly<Record<string, string | undefined>> = process.env,
): Promise<GoodConfig> {
  if (config.length === 0)
    throw new Fault('GW_CONFIG_INVALID', 'cannot load a configuration: none is given', {
      hint: 'name one with --config, for example --config config/default.yaml',
    });
  const loaded = await loadConfig({ uris: [...config], sets: [...set], env, factories });
  if (loaded.ok) return loaded;
  for (const problem of loaded.problems) process.stderr.write(`${formatProblem(problem)}\n`);
  const count = loaded.problems.length;
  throw new Fault('GW_CONFIG_INVALID', `invalid configuration: ${count} ${count === 1 ? 'problem' : 'problems'}`);
}
