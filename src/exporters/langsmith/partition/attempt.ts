import type { Partition } from '../../../journal/journal.ts';
import { bytes } from '../../../model/bytes.ts';
import type { Step } from './step.ts';

const key = 'attempt';
/** With the failure that nobody foresaw, and that of the life after it, which goes on as usual, this makes five. */
const failuresMax = 3;

interface Suspicion {
  /** What was worked on alone: an entry's id or a `due` key; '' while a life works on many things at a time. */
  readonly suspect: string;
  /** How many times in a row it was begun and not finished. */
  readonly failures: number;
}

/**
 * Finds what makes our own code fail, or kills the process, so that it does not stop its partition for ever. Survives in `meta` under `attempt`: JSON.
 *
 *   no record ─ a life begins to work ─► no suspect ─ it got through what it found ─► no record
 *                                          │ it did not: the next life is careful
 *                                          ▼
 *                       ┌──► one suspect at a time ─ got through all of them ─► no record
 *                       │      │ 3 failures with the same one
 *                       └──────┴► condemned: kept as a dead letter
 */
export class Attempt {
  readonly #partition: Partition;
  #record: Suspicion | undefined;
  /** Go one by one. */
  careful: boolean;

  private constructor(partition: Partition, record: Suspicion | undefined, careful: boolean) {
    this.#partition = partition;
    this.#record = record;
    this.careful = careful;
  }

  /** `excused`: the life before failed for a reason that was not in the data. */
  static async begin(partition: Partition, excused: boolean): Promise<Attempt> {
    const value = await partition.get('meta', key);
    const record = value && (JSON.parse(value.utf8Slice()) as Suspicion);
    if (!record || !excused) return new Attempt(partition, record, record !== undefined);
    const { suspect, failures } = record;
    return new Attempt(partition, { suspect, failures: Math.max(0, failures - 1) }, suspect !== '');
  }

  /** Called before the first work of a life: from now on a failure leaves a trace. */
  async mark(): Promise<void> {
    if (!this.#record) await this.#write({ suspect: '', failures: 0 });
  }

  /** Called before the work on one thing alone: whether it must be set aside instead. */
  async condemns(suspect: string): Promise<boolean> {
    const failures = this.#record?.suspect === suspect ? this.#record.failures : 0;
    if (failures >= failuresMax) return true;
    await this.#write({ suspect, failures: failures + 1 });
    return false;
  }

  /** The life got through what it found. */
  over(step: Step): void {
    this.careful = false;
    if (!this.#record) return;
    this.#record = undefined;
    step.delete('meta', key);
  }

  async #write(record: Suspicion): Promise<void> {
    await this.#partition.commit({ put: [{ space: 'meta', key, value: bytes.from(JSON.stringify(record)) }] });
    this.#record = record;
  }
}
