import { type Bytes, bytes, noBytes } from '../../../model/bytes.ts';
import { type DeadLetter, type DeadReason, deadLetterKey, type SealedBatch } from '../sealed-batch.ts';
import { partsIn } from './parts.ts';

export interface Verdict {
  readonly reason: DeadReason;
  readonly status: number;
  readonly serverText: string;
  readonly at: number;
}

/** One letter per run of a batch. `uncompressed` is `undefined` if the batch's body is damaged. */
export function lettersOf(batch: SealedBatch, uncompressed: Bytes | undefined, verdict: Verdict): readonly DeadLetter[] {
  return batch.items.map((item) => ({
    ...verdict,
    key: deadLetterKey(verdict.at, item.runId),
    runId: item.runId,
    traceId: item.traceId,
    destination: batch.destination,
    items: item.synthetic === true ? 0 : 1,
    boundary: batch.boundary,
    parts: uncompressed === undefined ? noBytes : bytes.concat([uncompressed.subarray(item.start, item.end)]),
  }));
}

const reasons: Readonly<Record<DeadReason, string>> = {
  rejected: 'the server rejects this run',
  too_large: 'the server finds this run too large',
  conflict: 'another run with the same id, but other content, was sent before',
  orphan: 'its parent did not come in time',
  corrupt: 'its stored bytes are damaged',
  expired: 'it could not be delivered within max_elapsed_time',
};

/** One line for a list: when, which run, why. */
export function describe(letter: DeadLetter): string {
  const status = letter.status === 0 ? '' : ` (${letter.status})`;
  const text = letter.serverText === '' ? '' : `: ${firstLine(letter.serverText)}`;
  return `${letter.key}  ${new Date(letter.at).toISOString()}  run ${letter.runId || '?'}  ${reasons[letter.reason]}${status}${text}`;
}

const lineCharsMax = 200;

/** A server's text may hold line ends and terminal sequences. */
function firstLine(text: string): string {
  const printable = text.replace(/[^\P{C}\t]+/gu, ' ').trim();
  return printable.length > lineCharsMax ? `${printable.slice(0, lineCharsMax)}…` : printable;
}

/** A letter for a person: everything but bytes. Attachments appear with their size. Values are as parsed from the run's JSON. */
export interface LetterView {
  readonly key: string;
  readonly reason: DeadReason;
  readonly status: number;
  readonly serverText: string;
  readonly at: string;
  readonly endpoint: string;
  readonly workspaceId: string;
  readonly run: Readonly<Record<string, unknown>>;
  readonly feedback: readonly unknown[];
  readonly attachments: readonly { readonly name: string; readonly contentType: string; readonly bytes: number }[];
}

/** Throws `GW_JOURNAL_CORRUPT` if the letter's parts cannot be read. */
export function viewOf(letter: DeadLetter): LetterView {
  const run: Record<string, unknown> = Object.create(null);
  const feedback: unknown[] = [];
  const attachments: { name: string; contentType: string; bytes: number }[] = [];
  for (const part of partsIn(letter.parts, 0, letter.parts.length)) {
    const [kind, , field] = part.name.split('.', 3);
    if (kind === 'attachment') {
      attachments.push({ name: field ?? '', contentType: part.contentType, bytes: part.end - part.start });
      continue;
    }
    const value: unknown = JSON.parse(letter.parts.utf8Slice(part.start, part.end));
    if (kind === 'feedback') feedback.push(value);
    else if (field !== undefined) run[field] = value;
    else for (const [name, member] of Object.entries(value as object)) run[name] = member;
  }
  const { key, reason, status, serverText, destination } = letter;
  const { endpoint, workspaceId } = destination;
  return { key, reason, status, serverText, at: new Date(letter.at).toISOString(), endpoint, workspaceId, run, feedback, attachments };
}
