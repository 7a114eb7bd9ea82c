/** `spanway dead-letters list | show | replay | drop`. */
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
  await withDeadLetters(config, systemClock, async (_exporter, desk) => {
    process.stdout.write(`${JSON.stringify(await desk.show(key), undefined, 2)}\n`);
  });
}

export async function command(action: 'replay' | 'drop', keys: readonly string[], options: ConfigOptions): Promise<void> {
  const { config } = await load(options);
  await withDeadLetters(config, systemClock, async (exporter, desk) => {
    const count = await desk.command(action, keys.includes('all') ? 'all' : keys);
    const done = action === 'replay' ? 'will be sent again' : 'will be deleted';
    process.stdout.write(`${exporter}: ${count} ${done} by the running gateway, or by the next one that starts.\n`);
  });
}
