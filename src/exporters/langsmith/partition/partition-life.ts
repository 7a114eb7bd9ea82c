import type { Entry, EntryId, Partition } from '../../../journal/journal.ts';
import { noBytes } from '../../../model/bytes.ts';
import type { AbortSignalLike } from '../../../model/clock.ts';
import { Assembler } from '../assemble/assemble.ts';
import type { BatchLimits, DestinationRef } from '../sealed-batch.ts';
import { Attempt } from './attempt.ts';
import { Backlog } from './backlog.ts';
import { Deadlines } from './deadlines.ts';
import { encodeParked } from './entry-codec.ts';
import { FilteredSpans } from './filtered-spans.ts';
import { appendedAtIn, dueKey, dueValue, type HeldDraft, parkKey } from './held-draft.ts';
import { HeldRecords } from './held-records.ts';
import { IndexSweep } from './index-sweep.ts';
import { IndexedTraces } from './indexed-traces.ts';
import { Intake } from './intake.ts';
import type { Tally } from './ledger.ts';
import { Letters } from './letters.ts';
import { OpenBatches } from './open-batches.ts';
import type { PartitionDeps, PartitionOptions } from './options.ts';
import { Sealer } from './sealer.ts';
import { PartitionSettlement } from './settlement.ts';
import { Step } from './step.ts';
import type { Ending } from './suspicion.ts';
import { TraceCache } from './trace-cache.ts';

const readBytes = 4 << 20;
/** A read that brings so much may have left something behind. */
const fullReadBytes = readBytes / 2;
const nothing: readonly Entry[] = [];
/** So often it reads although nobody told of anything. */
const quietMs = 1_000;
const pageOfDue = 1_024;
const deadlineEveryMs = 1_000;
const lastReadsMs = 1_000;
/** A draft is in memory for the settle window and until its batch is sealed; whatever a life found at first is behind it by then. */
const beyondWindowsMs = 5_000;
/** What a careful life works on before it settles: so many payload bytes, or a page of deadlines, each of which counts as much as this. */
const groupBytes = 256 << 10;
const dueBytes = 1 << 10;
const awake = 'awake';

/** One attempt to work on a partition: from what the journal holds until it is stopped or fails. */
export class PartitionLife {
  readonly #partition: Partition;
  readonly #options: PartitionOptions;
  readonly #deps: PartitionDeps;
  readonly #tally: Tally;
  readonly #batches: OpenBatches;
  readonly #intake: Intake;
  readonly #backlog: Backlog;
  readonly #settlement: PartitionSettlement;
  readonly #letters: Letters;
  readonly #sealer: Sealer;
  readonly #assembler: Assembler<HeldDraft>;
  readonly #indexed: IndexedTraces;
  readonly #traces: TraceCache;
  readonly #filtered: FilteredSpans;
  readonly #deadlines: Deadlines;
  readonly #sweep: IndexSweep;
  #attempt: Attempt | undefined;
  #beganAtMs = 0;
  #through = false;
  #carefulBytes: number;
  /** What is still worked on one by one, after a group that came to a bad end. */
  #aloneBytes = groupBytes;
  #after: EntryId | undefined;
  #nap = new AbortController();
  #woken = false;
  #readAtMs = Number.NEGATIVE_INFINITY;
  /** Since when there may be something that was not read; `Infinity` if there is nothing. */
  #newsAtMs = Number.NEGATIVE_INFINITY;
  /** There is enough to read at once. */
  #behind = false;
  #deadlinesAtMs = 0;
  #committedAtMs = 0;

  constructor(partition: Partition, options: PartitionOptions, deps: PartitionDeps, nonce: string) {
    const { exporter, rules, onMissingParent, flushTimeoutMs, memoryBytesMax } = options;
    const { ledger, lanes } = deps;
    this.#partition = partition;
    this.#options = options;
    this.#deps = deps;
    this.#tally = ledger.open(partition.id);
    this.#batches = new OpenBatches(flushTimeoutMs, (destination) => this.#limitsOf(destination));
    this.#intake = new Intake(new Step(), this.#batches, options, deps, this.#tally, !partition.reread);
    this.#backlog = new Backlog(partition, lanes, () => this.wake());
    this.#settlement = new PartitionSettlement(partition, exporter, deps, this.#tally, this.#backlog);
    this.#letters = new Letters(partition, this.#intake, options, deps, this.#tally);
    this.#sealer = new Sealer(partition, this.#intake, this.#letters, deps, this.#tally, nonce, (batch) =>
      this.#backlog.sealed(batch, this.#settlement),
    );
    this.#assembler = new Assembler(rules, this.#intake, deps.runIds);
    this.#filtered = new FilteredSpans(this.#assembler, this.#intake, this.#sealer);
    this.#indexed = new IndexedTraces(options.lateWindowMs, options.indexFilterBytesMax);
    this.#traces = new TraceCache(partition, this.#assembler, this.#indexed, options.nodesMax, () => this.#tally.parked);
    this.#deadlines = new Deadlines(partition, this.#traces, this.#assembler, this.#intake, this.#letters, onMissingParent);
    this.#sweep = new IndexSweep(partition, this.#traces, options.lateWindowMs);
    this.#carefulBytes = readBytes + memoryBytesMax;
  }

  /** What stands in the journal for the lanes, or is with them. */
  get backlog(): { readonly batches: number; readonly bytes: number } {
    return this.#backlog;
  }

  get overdueMs(): number {
    return this.#deadlines.overdueMs;
  }

  /** When the oldest draft was appended that waits for a parent, a span or log records, ms since the epoch; `Infinity` if none waits. */
  get oldestWaitingMs(): number {
    return Math.min(this.#intake.waiting.oldestMs, this.#intake.parked.oldestMs);
  }

  /** Resolves when it was stopped and everything that was read is sealed or parked. `ending`: of the life before. */
  async run(stopping: AbortSignalLike, ending: Ending): Promise<void> {
    await this.#adopt();
    this.#attempt = await Attempt.begin(this.#partition, this.#deps.clock, stopping, ending);
    this.#beganAtMs = this.#deps.clock.now();
    while (!stopping.aborted) {
      const busy = await this.#step();
      if (!busy && !stopping.aborted) await this.#sleep();
    }
    await this.#finish();
  }

  /** Reads what is left for a moment more, then seals what is open: a store in memory would lose it, others would make the next owner do it. */
  async #finish(): Promise<void> {
    const attempt = this.#attempt as Attempt;
    const untilMs = this.#deps.clock.now() + lastReadsMs;
    while (attempt.pace === 'all' && !this.#partition.lost.aborted && this.#deps.clock.now() < untilMs) {
      this.#behind = true;
      if (!(await this.#step())) break;
    }
    if (this.#partition.lost.aborted) return;
    if (attempt.pace === 'all') this.#getThrough(attempt);
    await this.#settle(this.#deps.clock.now(), true);
  }

  wake(): void {
    this.#woken = true;
    // A reason of its own spares the exception that would be made for each waking.
    this.#nap.abort(awake);
  }

  /** `much`: it should be read now. Else it can wait for more: a step costs much the same however little it moves. */
  appended(much: boolean): void {
    this.#newsAtMs = Math.min(this.#newsAtMs, this.#deps.clock.now());
    this.#behind ||= much;
    this.#nap.abort(awake);
  }

  /** Drops everything from memory. Resolves when what is on the way has ended: until then it can still be delivered, and is counted. */
  async close(): Promise<void> {
    await this.#deps.lanes.forget(this.#partition.id);
    this.#deps.ledger.close(this.#tally);
  }

  #limitsOf(destination: string): BatchLimits {
    const limits = this.#deps.lanes.limits(JSON.parse(destination) as DestinationRef);
    const { operationsMax, batchBytesMax } = this.#options;
    return { ...limits, operations: Math.min(limits.operations, operationsMax), bytes: Math.min(limits.bytes, batchBytesMax) };
  }

  /** What an earlier owner left. */
  async #adopt(): Promise<void> {
    const { ledger } = this.#deps;
    await this.#backlog.adopt(this.#settlement, ({ id, spans }) => {
      this.#sealer.goOnBehind(id);
      ledger.adopted(this.#tally, 'sealed', spans);
    });
    this.#indexed.begin(this.#deps.clock.now(), (await this.#partition.scan('index', '', '~', 1)).length === 0);
    for (let from = ''; ; ) {
      const page = await this.#partition.scan('due', from, '~', pageOfDue);
      ledger.adopted(this.#tally, 'parked', page.length);
      for (const { value } of page) {
        const appendedAtMs = appendedAtIn(value);
        if (appendedAtMs > 0) this.#intake.parked.add(appendedAtMs);
      }
      if (page.length < pageOfDue) return;
      from = `${page.at(-1)?.key}\0`;
    }
  }

  /** Resolves to whether there may be more to do at once. */
  async #step(): Promise<boolean> {
    this.#woken = false;
    const now = this.#deps.clock.now();
    const attempt = this.#attempt as Attempt;
    const more = attempt.pace === 'all' ? await this.#work(attempt, now) : await this.#workCarefully(attempt, now);
    if (now >= this.#sweep.dueAtMs) for (const { space, key } of await this.#sweep.next(now)) this.#intake.step.delete(space, key);
    await this.#settle(now, this.#intake.heldBytes >= this.#options.memoryBytesMax);
    await this.#backlog.refill(this.#settlement);
    this.#traces.evict();
    return more;
  }

  async #work(attempt: Attempt, now: number): Promise<boolean> {
    const { settleWindowMs, flushTimeoutMs } = this.#options;
    const entries = await this.#read(now);
    if (now >= this.#beganAtMs + settleWindowMs + flushTimeoutMs + beyondWindowsMs) this.#getThrough(attempt);
    else if (!this.#through && (entries.length > 0 || this.#tally.parked > 0)) await attempt.mark();
    if (entries.length > 0) await this.#deps.turns.next();
    await this.#decide(entries, now, false);
    const overdue = now >= this.#deadlinesAtMs && (await this.#deadlines.pass(now));
    if (!overdue && now >= this.#deadlinesAtMs) this.#deadlinesAtMs = now + deadlineEveryMs;
    return this.#behind || overdue;
  }

  get #readDueAtMs(): number {
    if (this.#behind) return 0;
    return Math.min(this.#newsAtMs + this.#options.readEveryMs, this.#readAtMs + quietMs);
  }

  async #read(now: number): Promise<readonly Entry[]> {
    if (this.#readDueAtMs > now) return nothing;
    this.#readAtMs = now;
    this.#newsAtMs = Number.POSITIVE_INFINITY;
    this.#behind = false;
    const entries = await this.#partition.read(this.#after, readBytes);
    let bytes = 0;
    for (const { payload = noBytes } of entries) bytes += payload.length;
    this.#behind ||= bytes >= fullReadBytes;
    return entries;
  }

  /** Entries and deadlines, a few or one at a time, each time settled before the next: until all that a life can have in memory was gone through. */
  async #workCarefully(attempt: Attempt, now: number): Promise<boolean> {
    const before = this.#aloneBytes;
    // The suspect comes first, lest something else takes its place in the notes.
    const dueFirst = attempt.suspect.includes('/');
    const due = dueFirst && (await this.#passCarefully(attempt, now));
    const read = await this.#readCarefully(attempt, now);
    const found = (!dueFirst && (await this.#passCarefully(attempt, now))) || due || read;
    if (!found) this.#getThrough(attempt);
    else if (before > 0 && this.#aloneBytes <= 0) attempt.pace = 'group';
    return true;
  }

  async #readCarefully(attempt: Attempt, now: number): Promise<boolean> {
    if (this.#carefulBytes <= 0) return false;
    const entries = await this.#partition.read(this.#after, attempt.pace === 'one' ? 1 : groupBytes);
    const [first] = entries;
    if (!first) return false;
    // What was worked on has given its memory back.
    const size = entries.reduce((sum, { payload = noBytes }) => sum + payload.length, 0);
    await attempt.on(first.id, this.#intake.step, async (condemned) => {
      await this.#decide(entries, now, condemned);
      await this.#settle(now, true);
    });
    this.#carefulBytes -= size;
    if (attempt.pace === 'one') this.#aloneBytes -= size;
    return true;
  }

  async #passCarefully(attempt: Attempt, now: number): Promise<boolean> {
    const first = await this.#deadlines.first(now);
    if (first === undefined) return false;
    await attempt.on(first, this.#intake.step, async (condemned) => {
      if (attempt.pace === 'one') await this.#deadlines.passOne(first, now, condemned);
      else await this.#deadlines.pass(now);
      await this.#settle(now, true);
    });
    if (attempt.pace === 'one') this.#aloneBytes -= dueBytes;
    return true;
  }

  #getThrough(attempt: Attempt): void {
    if (this.#through) return;
    this.#through = true;
    attempt.over(this.#intake.step);
    this.#deps.observer.healthy(`${this.#options.exporter}/partition-${this.#partition.id}`);
  }

  async #decide(entries: readonly Entry[], now: number, condemned: boolean): Promise<void> {
    const drafts: HeldDraft[] = [];
    for (const entry of entries) this.#intake.take(entry, condemned, drafts);
    this.#after = entries.at(-1)?.id ?? this.#after;
    const keys = new Set<string>();
    for (const { traceKey } of drafts) keys.add(traceKey);
    for (const { traceKey } of this.#intake.filtered) keys.add(traceKey);
    await this.#traces.load(keys, now);
    this.#filtered.take((key) => this.#traces.get(key));
    for (const draft of drafts) this.#assembler.arrive(this.#traces.get(draft.traceKey), draft);
    for (const { entry, held } of this.#intake.refused.splice(0)) {
      this.#letters.entry(entry.id, entry.items, entry.appendedAtMs, entry.payload);
      this.#intake.releaseEntry(held, held.remaining);
    }
    for (const { entry, command } of this.#intake.commands.splice(0)) {
      if (command.action === 'replay') await this.#sealer.revive(command.key);
      else this.#intake.step.delete('dead', command.key);
      this.#intake.releaseEntry(entry, 1);
    }
  }

  /** Seals and parks what is due (everything that is open, if `all`), then commits the step. */
  async #settle(now: number, all: boolean): Promise<void> {
    const inTime = all || now >= this.#committedAtMs + this.#options.flushTimeoutMs;
    const tellsFiltered = inTime && !this.#filtered.empty;
    await this.#sealer.seal(this.#batches.takeDue(now, all, tellsFiltered));
    if (tellsFiltered) this.#filtered.write();
    for (const run of this.#intake.undeliverable.splice(0)) await this.#letters.undeliverable(run);
    await this.#deadlines.rewrite(this.#intake.moved.splice(0));
    await this.#park(now, all);
    const { step } = this.#intake;
    if (step.empty || !(inTime || step.urgent)) return;
    const change = step.change();
    for (const { space, key } of change.put ?? []) if (space === 'index') this.#indexed.add(key.slice(0, key.indexOf('/')), now);
    await this.#partition.commit(change);
    this.#committedAtMs = now;
    this.#intake.step = new Step();
    step.committed();
  }

  async #park(now: number, all: boolean): Promise<void> {
    const { step } = this.#intake;
    const records = new HeldRecords(this.#partition);
    for (const { trace, draft } of this.#intake.waiting.takeDue(now, all)) {
      const { held, awaits, deadlineMs, appendedAtMs, entry, position, destination } = draft;
      // Who went on before may have taken it along.
      if (!held || draft.state !== 'waiting') continue;
      if (!all && deadlineMs <= now && awaits !== 'parent' && awaits !== 'span') {
        this.#assembler.goOn(trace, draft);
        continue;
      }
      const record = records.at(draft) ?? (await records.of(draft));
      if (!record) continue;
      if (draft.parkedUntilMs > 0) step.delete('due', dueKey(draft.parkedUntilMs, draft));
      else this.#intake.parked.add(appendedAtMs);
      step.put('park', parkKey(draft), encodeParked({ awaits, deadlineMs, appendedAtMs, entry, position, destination }, record));
      step.put('due', dueKey(deadlineMs, draft), dueValue(draft));
      records.trim();
      draft.state = 'parked';
      draft.parkedUntilMs = deadlineMs;
      this.#intake.release(draft);
      step.afterwards(() => {
        trace.unsaved -= 1;
        this.#deps.ledger.moved(this.#tally, 'memory', 'parked', 1);
      });
    }
    records.close();
  }

  async #sleep(): Promise<void> {
    for (;;) {
      const waitMs = this.#dueAtMs - this.#deps.clock.now();
      if (this.#woken || waitMs <= 0) return;
      this.#nap = new AbortController();
      await this.#deps.clock.sleep(waitMs, this.#nap.signal);
    }
  }

  /** When there is something to do next if nobody wakes it. */
  get #dueAtMs(): number {
    const idle = this.#intake.step.empty && this.#filtered.empty;
    const acknowledgeAtMs = idle ? Number.POSITIVE_INFINITY : this.#committedAtMs + this.#options.flushTimeoutMs;
    return Math.min(
      this.#readDueAtMs,
      this.#batches.dueAtMs,
      this.#intake.waiting.dueAtMs,
      this.#deadlinesAtMs,
      this.#sweep.dueAtMs,
      acknowledgeAtMs,
    );
  }
}
