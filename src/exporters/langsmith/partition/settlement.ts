import type { Change, Partition } from '../../../journal/journal.ts';
import { noBytes } from '../../../model/bytes.ts';
import type { Clock } from '../../../model/clock.ts';
import { Fault } from '../../../model/fault.ts';
import type { Observer } from '../../../model/observer.ts';
import { type DeadLetter, deadLetterKey, encodeDeadLetter } from '../../dead-letters/dead-letter.ts';
import { type BatchContent, type SealedBatch, type Settlement, signalsIn, type WholeBatch } from '../sealed-batch.ts';
import type { Backlog } from './backlog.ts';
import type { Ledger, Tally } from './ledger.ts';
import { decodeContent, encodeBatch, encodeContent } from './records.ts';

export interface SettlementDeps {
  readonly clock: Clock;
  readonly observer: Observer;
  readonly ledger: Ledger;
}

type Puts = NonNullable<Change['put']>;
type Deletions = NonNullable<Change['delete']>;

/** A batch in the journal: its header and its content, which are there together or not at all. */
export function putsOf({ batch, content }: WholeBatch): Puts {
  return [
    { space: 'batch', key: batch.id, value: encodeBatch(batch) },
    { space: 'body', key: batch.id, value: encodeContent(content) },
  ];
}

function deletionsOf({ id }: SealedBatch): Deletions {
  return [
    { space: 'batch', key: id },
    { space: 'body', key: id },
  ];
}

/** How the batches of one partition leave the journal. The owner's lease is checked with each commit. */
export class PartitionSettlement implements Settlement {
  readonly #partition: Partition;
  readonly #exporter: string;
  readonly #deps: SettlementDeps;
  readonly #tally: Tally;
  readonly #backlog: Backlog;

  constructor(partition: Partition, exporter: string, deps: SettlementDeps, tally: Tally, backlog: Backlog) {
    this.#partition = partition;
    this.#exporter = exporter;
    this.#deps = deps;
    this.#tally = tally;
    this.#backlog = backlog;
  }

  async load(batch: SealedBatch): Promise<BatchContent> {
    const record = await this.#partition.get('body', batch.id);
    if (record) return decodeContent(record);
    // Both values go in one commit, so a header without a content is damage; without either, the batch was settled by another owner.
    if (await this.#partition.get('batch', batch.id))
      throw new Fault('GW_JOURNAL_CORRUPT', `cannot read batch ${batch.id}: its content is damaged`);
    throw new Fault('GW_JOURNAL_FENCED', `cannot read batch ${batch.id}: it was settled by another owner of its partition`);
  }

  async delivered(batch: SealedBatch): Promise<void> {
    await this.#partition.commit({ delete: deletionsOf(batch) });
    this.#backlog.left(batch, []);
    this.#deps.ledger.delivered(this.#tally, batch.spans);
    for (const [items, signal] of signalsIn(batch)) this.#deps.observer.delivered(this.#exporter, items, signal);
  }

  async split(batch: SealedBatch, parts: readonly WholeBatch[]): Promise<void> {
    await this.#partition.commit({ delete: deletionsOf(batch), put: parts.flatMap(putsOf) });
    this.#backlog.left(batch, parts);
  }

  async dead(batch: SealedBatch, letters: readonly DeadLetter[]): Promise<void> {
    await this.#partition.commit({
      delete: deletionsOf(batch),
      put: letters.map((letter) => ({ space: 'dead', key: letter.key, value: encodeDeadLetter(letter) })),
    });
    this.#backlog.left(batch, []);
    this.#deps.ledger.deadLettered(this.#tally, 'sealed', batch.spans);
    for (const { reason, items } of letters) this.#deps.observer.deadLettered(this.#exporter, reason, items);
  }

  async damaged(batch: SealedBatch): Promise<void> {
    const { destination, boundary, spans: items } = batch;
    const at = this.#deps.clock.now();
    const parts = (await this.#partition.get('body', batch.id)) ?? noBytes;
    const key = deadLetterKey(at, `batch-${batch.id}`);
    const why = { reason: 'corrupt', status: 0, serverText: '', runId: '', traceId: '' } as const;
    await this.dead(batch, [{ ...why, key, at, destination, items, holds: 'bytes', boundary, parts }]);
  }
}
