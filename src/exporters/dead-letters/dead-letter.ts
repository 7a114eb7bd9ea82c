/**
 * What could not be delivered, as every exporter keeps it in its journal. Read this file first.
 *
 *   space `dead`, key `<time, 15 digits>-<what it is about>`:  u8 version · u32 length · JSON of `DeadLetter` · its parts, to the end
 *
 * An operator's wish (`command.ts`) travels to the partition's owner through its inbox, so any process may have one.
 */
import { type Bytes, bytes } from '../../model/bytes.ts';
import { Fault } from '../../model/fault.ts';

export type DeadReason = 'rejected' | 'too_large' | 'conflict' | 'orphan' | 'corrupt' | 'expired';

/** Where it was meant to go. The key is a reference, never the key itself. */
export interface DeadLetterDestination {
  readonly endpoint: string;
  readonly workspaceId: string;
  readonly key: string;
}

/** What could not be delivered, with the server's own words. */
export interface DeadLetter {
  readonly key: string;
  readonly reason: DeadReason;
  /** Status of the last answer, of HTTP or gRPC; 0 if nothing was sent. */
  readonly status: number;
  /** The server's answer, at most 4 KiB. */
  readonly serverText: string;
  /** '' unless it holds a run. */
  readonly runId: string;
  readonly traceId: string;
  /** ms since the epoch. */
  readonly at: number;
  readonly destination: DeadLetterDestination;
  /** How many items it stands for. */
  readonly items: number;
  /**
   * What `parts` is. `run`: its segment of a multipart body, uncompressed, written with `boundary`. `entry`: a payload that can be given back to the
   * partition's inbox. `bytes`: only good for an inquiry.
   */
  readonly holds: 'run' | 'entry' | 'bytes';
  readonly boundary: string;
  readonly parts: Bytes;
}

const version = 1;
const headBytes = 5;

export function deadLetterKey(atMs: number, id: string): string {
  return `${`${atMs}`.padStart(15, '0')}-${id}`;
}

export function encodeDeadLetter(letter: DeadLetter): Bytes {
  const facts = bytes.from(JSON.stringify({ ...letter, parts: undefined }));
  const head = bytes.allocUnsafeSlow(headBytes);
  head[0] = version;
  new DataView(head.buffer).setUint32(1, facts.length, true);
  return bytes.concat([head, facts, letter.parts]);
}

/** Throws `GW_JOURNAL_CORRUPT`. The parts are a range of the record. */
export function decodeDeadLetter(record: Bytes): DeadLetter {
  try {
    const partsAt = headBytes + new DataView(record.buffer, record.byteOffset, record.byteLength).getUint32(1, true);
    if (record[0] !== version || partsAt > record.length) throw new RangeError('unknown version or cut short');
    const facts = JSON.parse(record.utf8Slice(headBytes, partsAt)) as Omit<DeadLetter, 'parts'>;
    return { ...facts, parts: record.subarray(partsAt) };
  } catch (cause) {
    throw new Fault('GW_JOURNAL_CORRUPT', 'cannot read dead letter: its record is damaged or of a newer version', {
      cause,
      hint: 'if this version of Spanway is older than the one that wrote the journal, upgrade it',
    });
  }
}
