/** Loads a configuration for a command, or ends it: every problem on stderr, exit code 1. */
import { formatProblem, type Loaded, loadConfig } from '../config/load.ts';
import { Fault } from '../model/fault.ts';
import { factories } from '../service/components.ts';

export interface ConfigOptions {
  readonly config: readonly string[];
  readonly set: readonly string[];
}

export type GoodConfig = Extract<Loaded, { ok: true }>;

export type Env = Readonly<Record<string, string | undefined>>;

export async function load(options: ConfigOptions, env: Env = process.env): Promise<GoodConfig> {
  if (options.config.length === 0)
    throw new Fault('GW_CONFIG_INVALID', 'cannot load a configuration: none is given', {
      hint: 'name one with --config, for example --config config/default.yaml',
    });
  const loaded = await read(options, env);
  if (loaded.ok) return loaded;
  for (const problem of loaded.problems) process.stderr.write(`${formatProblem(problem)}\n`);
  const count = loaded.problems.length;
  throw new Fault('GW_CONFIG_INVALID', `invalid configuration: ${count} ${count === 1 ? 'problem' : 'problems'}`);
}

/** What is wrong comes back as problems. */
export function read({ config, set }: ConfigOptions, env: Env): Promise<Loaded> {
  return loadConfig({ uris: [...config], sets: [...set], env: withRedis(env), factories });
}

/** `REDIS_URL` alone is enough to keep the journal in Redis: `config/default.yaml` reads the two other variables. */
function withRedis(env: Env): Env {
  return env.REDIS_URL ? { SPANWAY_STORAGE: 'redis_storage', SPANWAY_DURABILITY: 'redis', ...env } : env;
}
