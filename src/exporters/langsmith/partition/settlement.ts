import type { Partition } from '../../../journal/journal.ts';
import type { Bytes } from '../../../model/bytes.ts';
import { Fault } from '../../../model/fault.ts';
import type { Observer } from '../../../model/observer.ts';
import {
  type DeadLetter,
  decodeSealedBatch,
  encodeDeadLetter,
  encodeSealedBatch,
  type SealedBatch,
  type Settlement,
  spansIn,
} from '../sealed-batch.ts';
import type { Ledger, Tally } from './ledger.ts';

/** How the batches of one partition leave the journal. The owner's lease is checked with each commit. */
export class PartitionSettlement implements Settlement {
  readonly #partition: Partition;
  readonly #exporter: string;
  readonly #observer: Observer;
  readonly #ledger: Ledger;
  readonly #tally: Tally;

  constructor(partition: Partition, exporter: string, observer: Observer, ledger: Ledger, tally: Tally) {
    this.#partition = partition;
    this.#exporter = exporter;
    this.#observer = observer;
    this.#ledger = ledger;
    this.#tally = tally;
  }

  async load(batch: SealedBatch): Promise<Bytes> {
    const record = await this.#partition.get('batch', batch.id);
    const body = record && decodeSealedBatch(record).body;
    if (!body) throw new Fault('GW_JOURNAL_CORRUPT', `cannot read batch ${batch.id}: its record is damaged or gone`);
    return body;
  }

  async delivered(batch: SealedBatch): Promise<void> {
    await this.#partition.commit({ delete: [{ space: 'batch', key: batch.id }] });
    const items = spansIn(batch);
    this.#ledger.delivered(this.#tally, items);
    this.#observer.delivered(this.#exporter, items);
  }

  async split(batch: SealedBatch, parts: readonly SealedBatch[]): Promise<void> {
    await this.#partition.commit({
      delete: [{ space: 'batch', key: batch.id }],
      put: parts.map((part) => ({ space: 'batch', key: part.id, value: encodeSealedBatch(part) })),
    });
  }

  async dead(batch: SealedBatch, letters: readonly DeadLetter[]): Promise<void> {
    await this.#partition.commit({
      delete: [{ space: 'batch', key: batch.id }],
      put: letters.map((letter) => ({ space: 'dead', key: letter.key, value: encodeDeadLetter(letter) })),
    });
    this.#ledger.deadLettered(this.#tally, 'sealed', spansIn(batch));
    for (const { reason, items } of letters) this.#observer.deadLettered(this.#exporter, reason, items);
  }
}
