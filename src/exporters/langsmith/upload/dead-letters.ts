import { type Bytes, bytes } from '../../../model/bytes.ts';
import { type DeadLetter, type DeadReason, deadLetterKey } from '../../dead-letters/dead-letter.ts';
import { isUpdate, receivedIn, type SealedBatch, type SealedItem } from '../sealed-batch.ts';
import { partsIn } from './parts.ts';

export interface Verdict {
  readonly reason: DeadReason;
  readonly status: number;
  readonly serverText: string;
  readonly at: number;
}

/** One letter per run of a batch. */
export function lettersOf(batch: SealedBatch, items: readonly SealedItem[], uncompressed: Bytes, verdict: Verdict): readonly DeadLetter[] {
  return items.map((item) => ({
    ...verdict,
    key: deadLetterKey(verdict.at, isUpdate(item) ? `${item.runId}-update` : item.runId),
    runId: item.runId,
    traceId: item.traceId,
    destination: batch.destination,
    items: receivedIn(item),
    holds: 'run',
    boundary: batch.boundary,
    parts: bytes.concat([uncompressed.subarray(item.start, item.end)]),
  }));
}

const reasons: Readonly<Record<DeadReason, string>> = {
  rejected: 'the server rejects it',
  too_large: 'the server finds this run too large',
  conflict: 'another run with the same id, but other content, was sent before',
  orphan: 'its parent did not come in time',
  corrupt: 'its stored bytes are damaged, or Spanway itself fails on them',
  expired: 'it could not be delivered within max_elapsed_time',
};

/** One line for a list: when, which run, why. */
export function describe(letter: DeadLetter): string {
  const status = letter.status === 0 ? '' : ` (${letter.status})`;
  const text = letter.serverText === '' ? '' : `: ${firstLine(letter.serverText)}`;
  return `${letter.key}  ${new Date(letter.at).toISOString()}  ${subjectOf(letter)}  ${reasons[letter.reason]}${status}${text}`;
}

/** The run, or what an exporter without runs lost. */
function subjectOf({ runId, items }: DeadLetter): string {
  if (runId !== '') return `run ${runId}`;
  return items === 1 ? '1 item' : `${items} items`;
}

const lineCharsMax = 200;

/** A server's text may hold line ends and terminal sequences. */
function firstLine(text: string): string {
  const printable = text.replace(/[^\P{C}\t]+/gu, ' ').trim();
  return printable.length > lineCharsMax ? `${printable.slice(0, lineCharsMax)}…` : printable;
}

/** A letter for a person: everything but bytes. Attachments appear with their size. Values are as parsed from the run's JSON; none if it holds no run. */
export interface LetterView {
  readonly key: string;
  readonly reason: DeadReason;
  readonly status: number;
  readonly serverText: string;
  readonly at: string;
  readonly endpoint: string;
  readonly workspaceId: string;
  readonly holds: DeadLetter['holds'];
  readonly bytes: number;
  readonly run: Readonly<Record<string, unknown>>;
  readonly feedback: readonly unknown[];
  readonly attachments: readonly { readonly name: string; readonly contentType: string; readonly bytes: number }[];
}

/** Throws `GW_JOURNAL_CORRUPT` if the letter's parts cannot be read. */
export function viewOf(letter: DeadLetter): LetterView {
  const run: Record<string, unknown> = Object.create(null);
  const feedback: unknown[] = [];
  const attachments: { name: string; contentType: string; bytes: number }[] = [];
  const end = letter.holds === 'run' ? letter.parts.length : 0;
  for (const part of partsIn(letter.parts, 0, end)) {
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
  const { key, reason, status, serverText, holds, destination } = letter;
  const { endpoint, workspaceId } = destination;
  const at = new Date(letter.at).toISOString();
  return { key, reason, status, serverText, at, endpoint, workspaceId, holds, bytes: letter.parts.length, run, feedback, attachments };
}
