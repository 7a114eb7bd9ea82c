/** `spanway convert FILE`. */
import { readFileSync } from 'node:fs';
import type { ServiceConfig } from '../config/load.ts';
import { Fault } from '../model/fault.ts';
import { convertFile, convertThrough, explainRedaction } from '../service/convert-file.ts';
import { type ConfigOptions, load } from './load.ts';

export interface ConvertOptions extends ConfigOptions {
  readonly receiver?: string;
  /** What redaction removes, instead of what comes out. */
  readonly explain?: boolean;
}

/** Without a configuration the bare mapping. */
export async function convert(path: string, { receiver, explain = false, ...options }: ConvertOptions): Promise<void> {
  const file = read(path);
  if (explain) {
    const lines = await explainRedaction(await configured(options), file, receiver);
    process.stdout.write(lines.length === 0 ? 'nothing is removed\n' : `${lines.join('\n')}\n`);
    return;
  }
  const shown = options.config.length === 0 ? convertFile(file) : await convertThrough((await load(options)).config, file, receiver);
  process.stdout.write(`${JSON.stringify(shown, undefined, 2)}\n`);
}

async function configured(options: ConfigOptions): Promise<ServiceConfig> {
  if (options.config.length > 0) return (await load(options)).config;
  throw new Fault('GW_CONFIG_INVALID', 'cannot explain what is removed: no configuration is given', { hint: 'name one with --config' });
}

function read(path: string): Buffer {
  try {
    return readFileSync(path === '-' ? 0 : path);
  } catch (cause) {
    throw new Fault('GW_CONFIG_INVALID', `cannot read ${path}: ${(cause as NodeJS.ErrnoException).code}`, { cause });
  }
}
