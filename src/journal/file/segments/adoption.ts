/**
 * Segments whose writer does not go on: another process takes each of them over, and puts into the inboxes what stands behind what is there already.
 *
 *   a writer's ──it is gone, or has left something for as long as a lease──► taken over ──read to its end──► sealed
 *
 * A writer that goes on after all finds that its segment is not its own any more (`segment-writer.ts`). What it had acknowledged by then was in the file
 * before the segment was taken over, so it is found here.
 */
import type { Store } from '../environment.ts';
import { headRecordBytes, headsMax, InboxWriter } from '../inbox.ts';
import { isGone, processIdentity } from '../process-identity.ts';
import { smallStepBytes, type Transactions } from '../transactions.ts';
import { headLength, readHead } from './entry-head.ts';
import { type LeftEntry, leftEntries } from './left-entries.ts';
import type { SegmentFiles } from './segment-files.ts';
import { adopterName, allSegments, getSegment, identityOf, putSegment, type Segment } from './segment-table.ts';

/** Then a segment is adopted whose writer may live and has left nothing in it: of a process of which this machine knows nothing, such as one of a container. */
const idleMs = 3_600_000;

export interface AdoptionOptions {
  readonly store: Store;
  readonly transactions: Transactions;
  readonly files: SegmentFiles;
  readonly partitions: number;
  readonly leaseMs: number;
}

export class Adoption {
  readonly #options: AdoptionOptions;
  /** Since when segments of others stand as they do, by the monotonic clock. */
  readonly #unchanged = new Map<number, { readonly inboxed: number; readonly writer: string; readonly sinceMs: number }>();
  /** What an earlier life of the journal has left in this process. */
  #former: ReadonlySet<number> | undefined;

  constructor(options: AdoptionOptions) {
    this.#options = options;
  }

  /** Adopts what nobody goes on with. Returns segments of which nothing is left. Rejects if some of it could not be adopted now; the others are. */
  async look(): Promise<readonly number[]> {
    const { store, files } = this.#options;
    store.resetReadTxn();
    const segments = allSegments(store);
    files.closeAllBut(segments);
    this.#former ??= new Set([...segments].filter(([, { writer }]) => identityOf(writer) === processIdentity).map(([number]) => number));
    for (const number of [...this.#unchanged.keys()]) if (!segments.has(number)) this.#unchanged.delete(number);
    const done: number[] = [];
    let problem: unknown;
    for (const [number, segment] of segments) {
      try {
        if (!segment.sealed && this.#isLeft(number, segment) && (await this.#adopt(number, segment))) done.push(number);
      } catch (error) {
        problem ??= error;
      }
    }
    if (problem !== undefined) throw problem;
    return done;
  }

  #isLeft(number: number, { inboxed, writer }: Segment): boolean {
    if (identityOf(writer) === processIdentity) return writer === adopterName || this.#former?.has(number) === true;
    if (isGone(identityOf(writer))) return true;
    const seen = this.#unchanged.get(number);
    const nowMs = performance.now();
    if (seen?.inboxed !== inboxed || seen.writer !== writer) {
      this.#unchanged.set(number, { inboxed, writer, sinceMs: nowMs });
      return false;
    }
    const unchangedMs = nowMs - seen.sinceMs;
    return unchangedMs > idleMs || (unchangedMs > this.#options.leaseMs && this.#holdsMore(number, inboxed));
  }

  #holdsMore(number: number, position: number): boolean {
    const head = this.#options.files.read(number, position, headLength);
    return head !== undefined && readHead(head)?.segment === number;
  }

  async #adopt(number: number, { inboxed, writer }: Segment): Promise<boolean> {
    const { store, transactions, files } = this.#options;
    const taken = await transactions.run(smallStepBytes, () => {
      const segment = getSegment(store, number);
      if (!segment || segment.sealed || segment.writer !== writer || segment.inboxed !== inboxed) return false;
      putSegment(store, number, { ...segment, writer: adopterName });
      return true;
    });
    if (!taken) return false;
    const left = await leftEntries(files, number, inboxed);
    for (let from = 0; ; from += headsMax) {
      const some = left.slice(from, from + headsMax);
      const isLast = from + headsMax >= left.length;
      const isDone = await transactions.run(smallStepBytes + some.length * headRecordBytes, () => this.#take(number, some, isLast));
      if (isLast || isDone === undefined) return isDone === true;
    }
  }

  /** Inside of a transaction. Says whether nothing is left of the segment; `undefined` if somebody else has taken it over. */
  #take(number: number, left: readonly LeftEntry[], isLast: boolean): boolean | undefined {
    const { store, partitions } = this.#options;
    const segment = getSegment(store, number);
    if (!segment || segment.sealed || segment.writer !== adopterName) return undefined;
    const inbox = new InboxWriter(store);
    let { inboxed, waiting } = segment;
    for (const { head, record } of left) {
      // Nobody knows whose a damaged head is. Any owner will say that it is damaged.
      inbox.put((head?.partition ?? 0) % partitions, record, head?.items ?? 0, headLength + (head?.payloadLength ?? 0));
      if (!head) continue;
      waiting += 1;
      inboxed = head.position + headLength + head.payloadLength;
    }
    inbox.end();
    return putSegment(store, number, { ...segment, inboxed, waiting, sealed: isLast });
  }
}
