import type { Partition } from '../../../journal/journal.ts';
import { type Bytes, noBytes } from '../../../model/bytes.ts';
import { type DeadLetter, type DeadReason, deadLetterKey, encodeDeadLetter } from '../../dead-letters/dead-letter.ts';
import type { DestinationRef } from '../sealed-batch.ts';
import { Composer } from './compose.ts';
import { entryOfParked } from './entry-codec.ts';
import { type HeldDraft, logRecordsOf, type PlacedRun } from './held-draft.ts';
import { HeldRecords } from './held-records.ts';
import type { Intake, Undeliverable } from './intake.ts';
import type { Tally } from './ledger.ts';
import type { PartitionDeps, PartitionOptions } from './options.ts';

const noLetter = {
  reason: 'corrupt',
  status: 0,
  serverText: '',
  runId: '',
  traceId: '',
  destination: { endpoint: '', workspaceId: '', key: 'static' },
  holds: 'bytes',
  boundary: '',
  parts: noBytes,
} as const;

/** Writes dead letters of what cannot even be sealed. Everything goes into the intake's step. */
export class Letters {
  readonly #partition: Partition;
  readonly #intake: Intake;
  readonly #options: PartitionOptions;
  readonly #deps: PartitionDeps;
  readonly #tally: Tally;

  constructor(partition: Partition, intake: Intake, options: PartitionOptions, deps: PartitionDeps, tally: Tally) {
    this.#partition = partition;
    this.#intake = intake;
    this.#options = options;
    this.#deps = deps;
    this.#tally = tally;
  }

  async undeliverable(run: Undeliverable): Promise<void> {
    const { node, draft, reason } = run;
    const records = new HeldRecords(this.#partition);
    const record = await records.of(draft);
    if (!record) return this.damagedDraft(run, draft);
    const boundary = `spanway-${draft.entry}-${draft.position}`;
    const composer = new Composer(boundary, draft.bytes + 8_192, this.#deps.joinLogs);
    composer.add(run, record, await logRecordsOf(run.logs, records));
    records.close();
    this.#draft(run, draft, reason, {
      holds: 'run',
      boundary,
      parts: composer.segments(),
      runId: node.runId,
      traceId: node.tree.traceRunId,
    });
  }

  /** A draft whose parked value is damaged. */
  damagedDraft(run: PlacedRun, draft: HeldDraft): void {
    this.#draft(run, draft, 'corrupt', {});
  }

  /** An entry that cannot be read or worked on: its items are counted, and its bytes kept as far as there are any. */
  entry(id: string, items: number, appendedAtMs: number, payload: Bytes | undefined): void {
    const key = deadLetterKey(appendedAtMs, `entry-${id}`);
    const at = this.#deps.clock.now();
    this.#write({ ...noLetter, key, at, items, ...(payload ? { holds: 'entry', parts: payload } : {}) }, 'memory');
  }

  /** A parked draft that cannot be read or worked on; without its value, the store has found it damaged, counted and deleted it. */
  parked(parkedKey: string, value: Bytes = noBytes): void {
    const at = this.#deps.clock.now();
    const key = deadLetterKey(at, `parked-${parkedKey.replace('/', '-')}`);
    const entry = entryOfParked(value, parkedKey.slice(0, parkedKey.indexOf(':')));
    this.#write({ ...noLetter, key, at, items: 1, ...(entry ? { holds: 'entry', parts: entry } : { parts: value }) }, 'parked');
  }

  /** With the run go its log records. */
  #draft({ trace, node, logs }: PlacedRun, draft: HeldDraft, reason: DeadReason, facts: Partial<DeadLetter>): void {
    const key = deadLetterKey(draft.appendedAtMs, `${node.runId}-${draft.hash.toString(16)}`);
    const destination = JSON.parse(draft.destination) as DestinationRef;
    this.#write(
      { ...noLetter, key, reason, destination, at: this.#deps.clock.now(), items: 1 + logs.length, ...facts },
      this.#leave(draft, logs),
    );
    this.#intake.step.afterwards(() => {
      trace.unsaved -= 1;
    });
  }

  /** Log records are counted where their run is. */
  #leave(draft: HeldDraft, logs: readonly HeldDraft[]): 'memory' | 'parked' {
    const place = this.#intake.leave(draft);
    for (const log of logs) {
      const from = this.#intake.leave(log);
      this.#intake.step.afterwards(() => this.#deps.ledger.moved(this.#tally, from, place, 1));
    }
    return place;
  }

  #write(letter: DeadLetter, from: 'memory' | 'parked'): void {
    const { step } = this.#intake;
    step.put('dead', letter.key, encodeDeadLetter(letter));
    step.afterwards(() => {
      this.#deps.ledger.deadLettered(this.#tally, from, letter.items);
      this.#deps.observer.deadLettered(this.#options.exporter, letter.reason, letter.items);
    });
  }
}
