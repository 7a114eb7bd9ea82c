import type { Entry } from '../../../journal/journal.ts';
import type { Bytes } from '../../../model/bytes.ts';
import type { FilteredSpan } from '../../../model/draft.ts';
import { free } from '../../../model/free.ts';
import type { Command } from '../../dead-letters/command.ts';
import { noStory, type Story } from '../assemble/additions.ts';
import type { Decisions } from '../assemble/assemble.ts';
import type { Awaited, Node } from '../assemble/trace.ts';
import { decodeEntry, type EntryContent } from './entry-codec.ts';
import { dueKey, type HeldDraft, type HeldEntry, type PlacedRun, parkKey, type Trace } from './held-draft.ts';
import type { Tally } from './ledger.ts';
import type { OpenBatches } from './open-batches.ts';
import type { PartitionDeps, PartitionOptions } from './options.ts';
import { ParkedTimes } from './parked-times.ts';
import type { Step } from './step.ts';
import { WaitingLine } from './waiting-line.ts';

/** A draft that cannot be delivered, until its letter is written. */
export interface Undeliverable extends PlacedRun {
  readonly draft: HeldDraft;
  readonly reason: 'conflict' | 'orphan';
}

/** What stands in memory between the inbox and the journal's map, and how assembly's decisions move it. */
export class Intake implements Decisions<HeldDraft> {
  readonly waiting: WaitingLine;
  readonly parked = new ParkedTimes();
  readonly commands: { readonly entry: HeldEntry; readonly command: Command }[] = [];
  /** Entries that cannot be read, or must not be worked on. */
  readonly refused: { readonly entry: Entry; readonly held: HeldEntry }[] = [];
  /** Spans that were left out before the journal, as they were read. */
  readonly filtered: { readonly traceKey: string; readonly span: FilteredSpan; readonly held: HeldEntry }[] = [];
  undeliverable: Undeliverable[] = [];
  /** Parked drafts that wait for something else now, until that is written. */
  readonly moved: { readonly trace: Trace; readonly draft: HeldDraft }[] = [];
  /** What is committed next. */
  step: Step;
  readonly #batches: OpenBatches;
  readonly #options: PartitionOptions;
  readonly #deps: PartitionDeps;
  readonly #tally: Tally;
  readonly #keepsPayloads: boolean;
  #heldBytes = 0;

  /** `keepsPayloads`: the journal does not give them again. */
  constructor(step: Step, batches: OpenBatches, options: PartitionOptions, deps: PartitionDeps, tally: Tally, keepsPayloads: boolean) {
    this.step = step;
    this.waiting = new WaitingLine(options.settleWindowMs);
    this.#batches = batches;
    this.#options = options;
    this.#deps = deps;
    this.#tally = tally;
    this.#keepsPayloads = keepsPayloads;
  }

  /** Payload bytes of the entries that drafts in memory come from. */
  get heldBytes(): number {
    return this.#heldBytes;
  }

  /** Adds the drafts of an entry to `drafts`, or none: a command, or what is refused, is kept for the step to handle. `condemned`: refused whatever it holds. */
  take(entry: Entry, condemned: boolean, drafts: HeldDraft[]): void {
    const content = condemned ? undefined : contentOf(entry.payload);
    const held: HeldEntry = {
      id: entry.id,
      payload: content?.kind === 'drafts' && this.#keepsPayloads ? entry.payload : undefined,
      bytes: entry.payload?.length ?? 0,
      items: entry.items,
      remaining: Math.max(1, entry.items),
    };
    this.#heldBytes += held.bytes;
    this.#deps.ledger.took(this.#tally, entry.items);
    if (content?.kind === 'drafts' && content.drafts.length === entry.items) {
      this.#drafts(entry, held, content, drafts);
      if (entry.payload && !held.payload) free(entry.payload);
    } else if (content?.kind === 'command') this.commands.push({ entry: held, command: content.command });
    else this.refused.push({ entry, held });
  }

  #drafts({ id, appendedAtMs }: Entry, held: HeldEntry, content: EntryContent & { kind: 'drafts' }, drafts: HeldDraft[]): void {
    const { destination, tenant, filtered } = content;
    held.remaining = content.drafts.length + filtered.length;
    for (const span of filtered) this.filtered.push({ traceKey: `${tenant}:${span.traceId}`, span, held });
    const sinceMs = this.#deps.clock.now();
    let position = 0;
    let traceId = '';
    let traceKey = '';
    for (const { skeleton, hash, operations, start, bytes } of content.drafts) {
      // Spans of one trace come together: one text for all of them.
      if (skeleton.traceId !== traceId) {
        traceId = skeleton.traceId;
        traceKey = `${tenant}:${traceId}`;
      }
      drafts.push({
        skeleton,
        filteredParent: '',
        hash,
        entry: id,
        position,
        appendedAtMs,
        traceKey,
        destination,
        operations,
        bytes,
        start,
        awaits: 'parent',
        deadlineMs: 0,
        sinceMs,
        state: 'new',
        held,
        parkedUntilMs: 0,
      });
      position += 1;
    }
  }

  /** The draft's entry does not need it any more. With the last one the entry is acknowledged. */
  release(draft: HeldDraft): void {
    const { held } = draft;
    draft.held = undefined;
    if (held) this.releaseEntry(held, 1);
  }

  releaseEntry(held: HeldEntry, items: number): void {
    held.remaining -= items;
    if (held.remaining > 0) return;
    this.step.acknowledge(held.id);
    this.#heldBytes -= held.bytes;
    const { payload } = held;
    if (payload) this.step.afterwards(() => free(payload));
  }

  /** With this step the draft stands somewhere else: its place in the inbox or in `park` is given up. Returns which it was. */
  leave(draft: HeldDraft): 'memory' | 'parked' {
    const from = placeOf(draft);
    if (draft.parkedUntilMs > 0) {
      this.step.delete('park', parkKey(draft));
      this.step.delete('due', dueKey(draft.parkedUntilMs, draft));
      this.parked.remove(draft.appendedAtMs);
    }
    this.release(draft);
    return from;
  }

  placed(trace: Trace, node: Node, draft: HeldDraft, story: Story, logs: readonly HeldDraft[]): void {
    if (draft.state !== 'waiting') trace.unsaved += 1;
    draft.state = 'placed';
    this.#joined(trace, logs);
    this.#add({ trace, node, draft, logs, story, endMicros: 0 }, draft);
    if (!story.orphan) return;
    this.#deps.observer.orphaned(this.#options.exporter, story.orphan, 1);
    this.#deps.observer.spanOrphaned?.(this.#options.exporter, draft.skeleton, story.orphan);
  }

  synthetic(trace: Trace, node: Node, endMicros: number, cause: HeldDraft): void {
    trace.unsaved += 1;
    this.#add({ trace, node, draft: undefined, logs: [], story: noStory, endMicros }, cause);
  }

  update(trace: Trace, node: Node, logs: readonly HeldDraft[]): void {
    const [first] = logs;
    if (!first) return;
    trace.unsaved += 1;
    this.#joined(trace, logs);
    this.#add({ trace, node, draft: undefined, logs, story: noStory, endMicros: 0 }, first);
  }

  /** A batch is sealed in time for what was appended first, as far as that is read in time. */
  #add(run: PlacedRun, { destination, appendedAtMs }: HeldDraft): void {
    const nowMs = this.#deps.clock.now();
    this.#batches.add(run, destination, Math.min(nowMs, Math.max(appendedAtMs, nowMs - this.#options.readEveryMs)));
  }

  /** From now on the run that they go into keeps the trace in memory. */
  #joined(trace: Trace, logs: readonly HeldDraft[]): void {
    if (logs.length > 0) this.#deps.observer.joined(this.#options.exporter, logs.length);
    for (const log of logs) {
      if (log.state === 'waiting') trace.unsaved -= 1;
      log.state = 'placed';
    }
  }

  unjoined(trace: Trace, log: HeldDraft): void {
    if (log.state === 'waiting') trace.unsaved -= 1;
    this.leaveOut(log);
  }

  /** No run shows this log record. */
  leaveOut(log: HeldDraft): void {
    const from = this.leave(log);
    this.step.afterwards(() => {
      this.#deps.ledger.dropped(this.#tally, from);
      this.#deps.observer.dropped(this.#options.exporter, 'unjoined', 1);
    });
  }

  waits(trace: Trace, draft: HeldDraft, awaited: Awaited): void {
    draft.awaits = awaited;
    draft.deadlineMs = draft.appendedAtMs + this.#waitMs(draft, awaited);
    if (draft.state === 'parked') {
      this.moved.push({ trace, draft });
      return;
    }
    if (draft.state === 'new') trace.unsaved += 1;
    draft.state = 'waiting';
    this.waiting.add(trace, draft);
  }

  #waitMs({ skeleton }: HeldDraft, awaited: Awaited): number {
    const { remoteParentWaitMs, localParentWaitMs, logJoinWindowMs, settleWindowMs } = this.#options;
    switch (awaited) {
      case 'parent':
        return skeleton.parentRemote ? remoteParentWaitMs : localParentWaitMs;
      case 'span':
        return localParentWaitMs;
      case 'soft_parent':
        return settleWindowMs;
      case 'logs':
      case 'update':
        return logJoinWindowMs;
    }
  }

  duplicate(draft: HeldDraft): void {
    this.#deps.ledger.duplicate(this.#tally, placeOf(draft));
    this.#deps.observer.duplicate(this.#options.exporter, 1);
    this.#deps.observer.spanDuplicate?.(this.#options.exporter, draft.skeleton);
    this.release(draft);
  }

  replayed(draft: HeldDraft): void {
    this.#deps.ledger.replayed(this.#tally);
    this.release(draft);
  }

  /** The later draft takes over the keys that the former one has in the journal. */
  replaced(trace: Trace, waited: HeldDraft | undefined, draft: HeldDraft, node: Node | undefined): void {
    const run = node && this.#batches.find(node);
    const former = run ? run.draft : waited;
    if (!former) return;
    draft.parkedUntilMs = former.parkedUntilMs;
    if (former.parkedUntilMs > 0) {
      this.parked.remove(former.appendedAtMs);
      this.parked.add(draft.appendedAtMs);
    }
    if (former.state === 'waiting') trace.unsaved -= 1;
    if (run) {
      run.draft = draft;
      draft.state = 'placed';
    }
    this.duplicate(former);
  }

  conflict(trace: Trace, node: Node, draft: HeldDraft): void {
    this.#cannotDeliver({ trace, node, draft, logs: [], story: noStory, endMicros: 0, reason: 'conflict' });
  }

  orphaned(trace: Trace, node: Node, draft: HeldDraft, story: Story, logs: readonly HeldDraft[]): void {
    this.#joined(trace, logs);
    this.#cannotDeliver({ trace, node, draft, logs, story, endMicros: 0, reason: 'orphan' });
    this.#deps.observer.orphaned(this.#options.exporter, 'dead_letter', 1);
    this.#deps.observer.spanOrphaned?.(this.#options.exporter, draft.skeleton, 'dead_letter');
  }

  #cannotDeliver(undeliverable: Undeliverable): void {
    if (undeliverable.draft.state !== 'waiting') undeliverable.trace.unsaved += 1;
    undeliverable.draft.state = 'placed';
    this.undeliverable.push(undeliverable);
  }
}

/** Where the ledger counts the draft. */
function placeOf(draft: HeldDraft): 'memory' | 'parked' {
  return draft.held ? 'memory' : 'parked';
}

function contentOf(payload: Bytes | undefined): EntryContent | undefined {
  try {
    return payload && decodeEntry(payload);
  } catch {
    return undefined;
  }
}
