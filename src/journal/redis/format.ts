/** The version of a journal's layout, and its number of partitions, fixed by the first replica that opens it. */
import { Fault } from '../../model/fault.ts';
import type { JournalKeys } from './layout.ts';
import { type Link, runs } from './link.ts';
import { formatScript } from './scripts.ts';

const format = 1;
const partitionsDefault = 32;
const partitionsMax = 4_096;

/** Resolves to the number of partitions. */
export async function openFormat(link: Link, keys: JournalKeys, name: string, partitions = partitionsDefault): Promise<number> {
  const wanted = Math.min(Math.max(1, partitions), partitionsMax);
  const args = [format, wanted, new Date().toISOString()];
  const [answer] = await link.ask('open a journal in', [runs(formatScript, keys.slot, [keys.format], args)]);
  const [foundFormat, foundPartitions] = (answer as readonly unknown[]).map(Number);
  if (foundFormat !== format) {
    throw new Fault('GW_JOURNAL_UNAVAILABLE', `cannot open journal "${name}": it has format ${foundFormat}, this version reads ${format}`, {
      hint: 'start the version of Spanway that wrote it, or let that one deliver everything first',
    });
  }
  if (!Number.isInteger(foundPartitions) || (foundPartitions as number) < 1 || (foundPartitions as number) > partitionsMax) {
    throw new Fault('GW_JOURNAL_CORRUPT', `cannot open journal "${name}": its format record is damaged`, {
      hint: 'choose another redis_storage::prefix to keep it for a rescue and start empty',
    });
  }
  return foundPartitions as number;
}
