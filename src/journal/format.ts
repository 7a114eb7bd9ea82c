/**
 * Which layouts a journal may have: one rule for every store. A journal keeps the format that it was made with, so that the versions of a rolling
 * update can share it and the former one can come back: a version reads and writes its own format and those from `oldest` on, and refuses all others
 * before it has touched anything.
 *
 * Whoever changes the layout of anything stored (`record.ts`, a store's `layout.ts`, what exporters put into entries and maps) either goes on reading
 * what there is, or raises `newest` and goes on writing what older formats have (`Partition.format`). `test/upgrade` holds a journal of each format from
 * `oldest` on, and delivers it.
 *
 *   1   Spanway 0.1.0
 *   2   the index of delivered traces has chunks of version 2
 *   3   on disk, entries stand in files beside LMDB (file/segments)
 */
import { readFileSync } from 'node:fs';
import { Fault } from '../model/fault.ts';

export interface Formats {
  readonly oldest: number;
  /** What new journals get. */
  readonly newest: number;
}

export const formats: Formats = { oldest: 1, newest: 3 };

/** What was fixed when a journal was made, and stands in it. */
export interface FormatRecord {
  readonly format: number;
  readonly partitions: number;
  /** RFC 3339. */
  readonly created: string;
  /** Version of Spanway that made it; '' if that was before it was noted. */
  readonly madeBy: string;
}

const partitionsMax = 4_096;
const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as { version: string };

export function newFormatRecord(partitions: number, { newest }: Formats): FormatRecord {
  return {
    format: newest,
    partitions: Math.min(Math.max(1, partitions), partitionsMax),
    created: new Date().toISOString(),
    madeBy: version,
  };
}

/** Throws `GW_JOURNAL_UNAVAILABLE` if this version must not use the journal, `GW_JOURNAL_CORRUPT` (with `rescue` as its hint) if the record is damaged. */
export function checkFormat(
  name: string,
  record: Partial<FormatRecord> | undefined,
  { oldest, newest }: Formats,
  rescue: string,
): FormatRecord {
  const { format = Number.NaN, partitions = Number.NaN, created = '', madeBy = '' } = record ?? {};
  const isWhole = Number.isInteger(format) && Number.isInteger(partitions) && partitions >= 1 && partitions <= partitionsMax;
  if (!isWhole) throw new Fault('GW_JOURNAL_CORRUPT', `cannot open journal "${name}": its format record is damaged`, { hint: rescue });
  if (format >= oldest && format <= newest) return { format, partitions, created, madeBy };
  const readable = oldest === newest ? `format ${newest}` : `formats ${oldest} to ${newest}`;
  const maker = madeBy === '' ? 'the version of Spanway that made it' : `Spanway ${madeBy}`;
  throw new Fault(
    'GW_JOURNAL_UNAVAILABLE',
    `cannot open journal "${name}": it has format ${format}, this version (${version}) reads ${readable}`,
    {
      hint: `start ${maker} again; to leave it, let that one deliver everything, then give this version a new journal`,
    },
  );
}
