import type { Partition } from '../../../journal/journal.ts';
import type { Assembler, MissingParentPolicy } from '../assemble/assemble.ts';
import { waitingTop } from '../assemble/waiting-chain.ts';
import { decodeParked, encodeParked } from './entry-codec.ts';
import { appendedAtIn, dueKey, dueTime, dueValue, type HeldDraft, parkKey, type Trace } from './held-draft.ts';
import type { Intake } from './intake.ts';
import type { Letters } from './letters.ts';
import type { TraceCache } from './trace-cache.ts';

const pageOfDue = 256;
/** A draft whose parent waits, too, is looked at again not earlier than this. */
const againMs = 1_000;

interface Due {
  readonly key: string;
  readonly traceKey: string;
  /** Of the span or log record. */
  readonly id: string;
}

/** Ends the waiting of parked drafts for what did not come in time. */
export class Deadlines {
  readonly #partition: Partition;
  readonly #traces: TraceCache;
  readonly #assembler: Assembler<HeldDraft>;
  readonly #intake: Intake;
  readonly #letters: Letters;
  readonly #policy: MissingParentPolicy;
  /** How long the time of the first of them had been over when it was last looked. */
  overdueMs = 0;

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
    this.overdueMs = page[0] ? nowMs - Number.parseInt(page[0].key, 10) : 0;
    await this.#endAll(
      page.map(({ key }) => parseDue(key)),
      nowMs,
    );
    return page.length === pageOfDue;
  }

  /** The key of the first of what is overdue. */
  async first(nowMs: number): Promise<string | undefined> {
    return (await this.#partition.scan('due', '', dueTime(nowMs + 1), 1))[0]?.key;
  }

  /** That one alone; it is set aside if it is condemned. */
  async passOne(key: string, nowMs: number, condemned: boolean): Promise<void> {
    const due = parseDue(key);
    if (!condemned) return this.#endAll([due], nowMs);
    await this.#setAside(due);
    this.#traces.drop(due.traceKey);
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
    const draft = trace.waiter(due.id);
    if (!draft) return this.#endWithoutDraft(due, trace);
    const top = draft.awaits === 'parent' ? waitingTop(trace, draft, tops) : draft;
    if (trace.waiter(top.skeleton.spanId) !== top) return;
    if (top.deadlineMs <= nowMs) this.#giveUp(trace, top);
    if (trace.waiter(due.id) === draft) await this.#postpone(trace, draft, Math.max(top.deadlineMs, nowMs + againMs));
  }

  #giveUp(trace: Trace, draft: HeldDraft): void {
    if (draft.awaits === 'parent') this.#assembler.giveUp(trace, draft, this.#policy);
    else this.#assembler.goOn(trace, draft);
  }

  /** Either it leaves with this step, or its parked value cannot be read. */
  async #endWithoutDraft(due: Due, trace: Trace): Promise<void> {
    if (trace.unsaved === 0) await this.#setAside(due);
  }

  async #setAside(due: Due): Promise<void> {
    const key = parkedKey(due);
    const value = await this.#partition.get('park', key);
    this.#letters.parked(key, value);
    this.#intake.parked.remove(appendedAtIn(await this.#partition.get('due', due.key)));
    this.#intake.step.delete('due', due.key);
    this.#intake.step.delete('park', key);
  }

  /** Writes what parked drafts wait for now, with the same commit as the decision, so that nobody waits for somebody who is gone. */
  async rewrite(moved: readonly { readonly trace: Trace; readonly draft: HeldDraft }[]): Promise<void> {
    for (const { trace, draft } of moved)
      if (draft.state === 'parked' && trace.waiter(draft.skeleton.spanId) === draft) await this.#postpone(trace, draft, draft.deadlineMs);
  }

  /** Its parent, or its span, is there and waits, too; or it waits for something else now. */
  async #postpone(trace: Trace, draft: HeldDraft, deadlineMs: number): Promise<void> {
    const { step } = this.#intake;
    const former = parseDue(dueKey(draft.parkedUntilMs, draft));
    const value = await this.#partition.get('park', parkKey(draft));
    if (!value) {
      trace.forget(draft);
      return this.#setAside(former);
    }
    const parked = decodeParked(value);
    step.delete('due', former.key);
    step.put('park', parkKey(draft), encodeParked({ ...parked, awaits: draft.awaits, deadlineMs }, parked.record));
    step.put('due', dueKey(deadlineMs, draft), dueValue(draft));
    draft.deadlineMs = deadlineMs;
    draft.parkedUntilMs = deadlineMs;
  }
}

function parkedKey({ traceKey, id }: Due): string {
  return `${traceKey}/${id}`;
}

/** `<time>/<trace key>/<id>` */
function parseDue(key: string): Due {
  const time = key.indexOf('/');
  const trace = key.indexOf('/', time + 1);
  return { key, traceKey: key.slice(time + 1, trace), id: key.slice(trace + 1) };
}
