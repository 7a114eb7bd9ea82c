/** `spanway dead-letters list | show | replay | drop`. */
import type { ServiceConfig } from '../config/load.ts';
import { Fault } from '../model/fault.ts';
import { systemClock } from '../service/clock.ts';
import { withDeadLetters } from '../service/dead-letters.ts';
import { type ConfigOptions, load } from './load.ts';

export async function list(options: ConfigOptions): Promise<void> {
  const { config } = await load(options);
  await withDeadLetters(config, systemClock, async (exporter, desk) => {
    const lines = await desk.list();
    process.stdout.write(`${exporter}: ${lines.length} dead ${lines.length === 1 ? 'letter' : 'letters'}\n`);
    for (const line of lines) process.stdout.write(`  ${line}\n`);
  });
}

export async function show(key: string, options: ConfigOptions): Promise<void> {
  const { config } = await load(options);
  await holders(config, [key]);
  await withDeadLetters(config, systemClock, async (_exporter, desk) => {
    if (await desk.has(key)) process.stdout.write(`${JSON.stringify(await desk.show(key), undefined, 2)}\n`);
  });
}

export async function command(action: 'replay' | 'drop', keys: readonly string[], options: ConfigOptions): Promise<void> {
  const { config } = await load(options);
  const all = keys.includes('all');
  const held = all ? undefined : await holders(config, keys);
  await withDeadLetters(config, systemClock, async (exporter, desk) => {
    const own = held?.get(exporter) ?? [];
    if (!all && own.length === 0) return;
    const count = await desk.command(action, all ? 'all' : own);
    const done = action === 'replay' ? 'will be sent again' : 'will be deleted';
    process.stdout.write(`${exporter}: ${count} ${done} by the running gateway, or by the next one that starts.\n`);
  });
}

/** Which exporter has which of the letters. Rejects with a `Fault` if nobody has one of them. */
async function holders(config: ServiceConfig, keys: readonly string[]): Promise<ReadonlyMap<string, readonly string[]>> {
  const held = new Map<string, readonly string[]>();
  const missing = new Set(keys);
  await withDeadLetters(config, systemClock, async (exporter, desk) => {
    const own: string[] = [];
    for (const key of keys) if (await desk.has(key)) own.push(key);
    for (const key of own) missing.delete(key);
    held.set(exporter, own);
  });
  const [unknown] = missing;
  if (unknown !== undefined)
    throw new Fault('GW_CONFIG_INVALID', `cannot find dead letter "${unknown}"`, { hint: 'list them with "spanway dead-letters list"' });
  return held;
}
