/** The format record of a journal in Redis. */
import { checkFormat, type FormatRecord, type Formats, formats, newFormatRecord } from '../format.ts';
import type { JournalKeys } from './layout.ts';
import { type Link, runs } from './link.ts';
import { formatScript } from './scripts.ts';

const partitionsDefault = 32;
const rescue = 'choose another redis_storage::prefix to keep it for a rescue and start empty';

/** What the journal was made with; made with so many partitions if it is new. Faults as `checkFormat`. */
export async function openFormat(
  link: Link,
  keys: JournalKeys,
  name: string,
  partitions = partitionsDefault,
  readable: Formats = formats,
): Promise<FormatRecord> {
  const made = newFormatRecord(partitions, readable);
  const args = [made.format, made.partitions, made.created, made.madeBy];
  const [answer] = await link.ask('open a journal in', [runs(formatScript, keys.slot, [keys.format], args)]);
  const [format, count, created, madeBy] = answer as readonly (Buffer | null)[];
  const stored = { format: numberOf(format), partitions: numberOf(count), created: `${created ?? ''}`, madeBy: `${madeBy ?? ''}` };
  return checkFormat(name, stored, readable, rescue);
}

function numberOf(stored: Buffer | null | undefined): number {
  return stored ? Number(stored.toString()) : Number.NaN;
}
