import type { Partition } from '../../../journal/journal.ts';
import { noBytes } from '../../../model/bytes.ts';
import { type Assembler, type MissingParentPolicy, waitingTop } from '../assemble/assemble.ts';
import { decodeParked, encodeParked } from './entry-codec.ts';
import { dueKey, dueTime, type HeldDraft, parkKey, type Trace } from './held-draft.ts';
import type { Intake } from './intake.ts';
import type { Letters } from './letters.ts';
import type { TraceCache } from './trace-cache.ts';

const pageOfDue = 256;
/** A draft whose parent waits, too, is looked at again not earlier than this. */
const againMs = 1_000;

interface Due {
  readonly key: string;
  readonly traceKey: string;
  readonly spanId: string;
}

/** Ends the waiting of parked drafts whose parent did not come in time. */
export class Deadlines {
  readonly #partition: Partition;
  readonly #traces: TraceCache;
  readonly #assembler: Assembler<HeldDraft>;
  readonly #intake: Intake;
  readonly #letters: Letters;
  readonly #policy: MissingParentPolicy;

  constructor(
    partition: Partition,
    traces: TraceCache,
    assembler: Assembler<HeldDraft>,
    intake: Intake,
    letters: Letters,
    policy: MissingParentPolicy,
  ) {
    this.#partition = partition;
    this.#traces = traces;
    this.#assembler = assembler;
    this.#intake = intake;
    this.#letters = letters;
    this.#policy = policy;
  }

  /** One page of what is overdue. Resolves to whether there may be more. */
  async pass(nowMs: number): Promise<boolean> {
    const page = await this.#partition.scan('due', '', dueTime(nowMs + 1), pageOfDue);
    await this.#endAll(
      page.map(({ key }) => parseDue(key)),
      nowMs,
    );
    return page.length === pageOfDue;
  }

  /** The first of what is overdue; it is set aside if it is condemned. Resolves to whether there was one. */
  async passOne(nowMs: number, condemns: (key: string) => Promise<boolean>): Promise<boolean> {
    const [pair] = await this.#partition.scan('due', '', dueTime(nowMs + 1), 1);
    if (!pair) return false;
    const due = parseDue(pair.key);
    if (await condemns(due.key)) {
      await this.#setAside(due);
      this.#traces.drop(due.traceKey);
    } else await this.#endAll([due], nowMs);
    return true;
  }

  async #endAll(dues: readonly Due[], nowMs: number): Promise<void> {
    await this.#traces.load(new Set(dues.map(({ traceKey }) => traceKey)), nowMs);
    const tops = new Map<Trace, Map<HeldDraft, HeldDraft>>();
    for (const due of dues) {
      const trace = this.#traces.get(due.traceKey);
      if (!tops.has(trace)) tops.set(trace, new Map());
      await this.#end(due, trace, tops.get(trace) as Map<HeldDraft, HeldDraft>, nowMs);
    }
  }

  async #end(due: Due, trace: Trace, tops: Map<HeldDraft, HeldDraft>, nowMs: number): Promise<void> {
    const draft = trace.waiting.get(due.spanId);
    if (!draft) return this.#endWithoutDraft(due, trace);
    const top = waitingTop(trace, draft, tops);
    if (trace.waiting.get(top.skeleton.spanId) !== top) return;
    if (top.deadlineMs <= nowMs) this.#assembler.giveUp(trace, top, this.#policy);
    else await this.#postpone(due, trace, draft, Math.max(top.deadlineMs, nowMs + againMs));
  }

  /** Either it leaves with this step, or its parked value cannot be read. */
  async #endWithoutDraft(due: Due, trace: Trace): Promise<void> {
    if (trace.unsaved === 0) await this.#setAside(due);
  }

  async #setAside(due: Due): Promise<void> {
    const key = parkedKey(due);
    const value = await this.#partition.get('park', key);
    this.#letters.parked(key, value);
    this.#intake.step.delete('due', due.key);
    this.#intake.step.delete('park', key);
  }

  /** Its parent is there and waits, too: it can only be given up with that one. */
  async #postpone(due: Due, trace: Trace, draft: HeldDraft, deadlineMs: number): Promise<void> {
    const { step } = this.#intake;
    const value = await this.#partition.get('park', parkKey(draft));
    if (!value) {
      trace.waiting.delete(due.spanId);
      return this.#setAside(due);
    }
    const parked = decodeParked(value);
    step.delete('due', dueKey(draft.parkedUntilMs, draft));
    step.put('park', parkKey(draft), encodeParked({ ...parked, deadlineMs }, parked.draft.record));
    step.put('due', dueKey(deadlineMs, draft), noBytes);
    draft.deadlineMs = deadlineMs;
    draft.parkedUntilMs = deadlineMs;
  }
}

function parkedKey({ traceKey, spanId }: Due): string {
  return `${traceKey}/${spanId}`;
}

/** `<time>/<trace key>/<span id>` */
function parseDue(key: string): Due {
  const time = key.indexOf('/');
  const trace = key.indexOf('/', time + 1);
  return { key, traceKey: key.slice(time + 1, trace), spanId: key.slice(trace + 1) };
}
