/** `spanway convert FILE`. */
import { readFileSync } from 'node:fs';
import type { ServiceConfig } from '../config/load.ts';
import { Fault } from '../model/fault.ts';
import { convertFile, convertThrough, explainRedaction } from '../service/convert-file.ts';
import { type ConfigOptions, load } from './load.ts';

export interface ConvertOptions extends ConfigOptions {
  readonly receiver?: string;
  /** What the client sends with it, as `name=value`. */
  readonly header: readonly string[];
  /** What redaction removes, instead of what comes out. */
  readonly explain?: boolean;
}

/** Without a configuration the bare mapping. */
export async function convert(path: string, { receiver, header, explain = false, ...options }: ConvertOptions): Promise<void> {
  const file = read(path);
  const sender = { receiver, metadata: headersOf(header) };
  if (explain) {
    const lines = await explainRedaction(await configured(options), file, sender);
    process.stdout.write(lines.length === 0 ? 'nothing is removed\n' : `${lines.join('\n')}\n`);
    return;
  }
  const shown = options.config.length === 0 ? convertFile(file) : await convertThrough((await load(options)).config, file, sender);
  process.stdout.write(`${JSON.stringify(shown, undefined, 2)}\n`);
  if (Object.values(shown).every((one) => Object.keys(one as object).length === 0))
    process.stderr.write(options.config.length === 0 ? `${path} holds no spans\n` : `nothing of ${path} comes to an exporter\n`);
}

function headersOf(given: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const metadata = new Map<string, string[]>();
  for (const one of given) {
    const [, name, value] = /^([^=]+)=(.*)$/s.exec(one) ?? [];
    if (name === undefined || value === undefined)
      throw new Fault('GW_CONFIG_INVALID', `cannot read header "${one.split('=', 1)[0]}": expected name=value`);
    const key = name.toLowerCase();
    metadata.set(key, [...(metadata.get(key) ?? []), value]);
  }
  return metadata;
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
