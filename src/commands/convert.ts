/** `spanway convert FILE`. */
import { readFileSync } from 'node:fs';
import { Fault } from '../model/fault.ts';
import { convertFile, convertThrough } from '../service/convert-file.ts';
import { type ConfigOptions, load } from './load.ts';

export interface ConvertOptions extends ConfigOptions {
  readonly receiver?: string;
}

/** Without a configuration the bare mapping. */
export async function convert(path: string, { receiver, ...options }: ConvertOptions): Promise<void> {
  const file = read(path);
  const shown = options.config.length === 0 ? convertFile(file) : await convertThrough((await load(options)).config, file, receiver);
  process.stdout.write(`${JSON.stringify(shown, undefined, 2)}\n`);
}

function read(path: string): Buffer {
  try {
    return readFileSync(path === '-' ? 0 : path);
  } catch (cause) {
    throw new Fault('GW_CONFIG_INVALID', `cannot read ${path}: ${(cause as NodeJS.ErrnoException).code}`, { cause });
  }
}
