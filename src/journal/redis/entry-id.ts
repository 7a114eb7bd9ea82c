/**
 * An entry's id: `<ms>-<sequence>.<items>.<bytes>`, the first two being its id in the stream. The sequence has ten digits, so that ids are
 * ordered as text; items and bytes are what acknowledging the entry takes from the partition's usage, so that it reads nothing.
 */
import type { EntryId } from '../journal.ts';

const sequenceDigits = 10;

export interface EntryWeight {
  readonly streamId: string;
  readonly items: string;
  readonly bytes: string;
}

export function entryId(streamId: string, items: number, bytes: number): EntryId {
  const dash = streamId.indexOf('-');
  return `${streamId.slice(0, dash + 1)}${streamId.slice(dash + 1).padStart(sequenceDigits, '0')}.${items}.${bytes}`;
}

export function weightOf(id: EntryId): EntryWeight {
  const [position = '', items = '0', bytes = '0'] = id.split('.');
  const dash = position.indexOf('-');
  return { streamId: `${position.slice(0, dash)}-${Number(position.slice(dash + 1))}`, items, bytes };
}
