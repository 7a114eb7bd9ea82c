import type { Partition } from '../../../journal/journal.ts';
import { bytes } from '../../../model/bytes.ts';
import type { AbortSignalLike, Clock } from '../../../model/clock.ts';
import type { Step } from './step.ts';
import { afterLife, type Ending, isCondemned, paceAfter, type Suspicion, working } from './suspicion.ts';
import { Turns } from './turns.ts';

const key = 'attempt';
/** A suspect that a life ended with for the first time rests up to twice as long before it is tried again, then up to four times as long, … */
const restMs = 1_000;

/** A process ends for all its partitions: while a suspect is tried alone, no other may be under the same suspicion. */
const turns = new Turns();

/**
 * Finds what makes our own code throw, or ends the process, so that it does not stop its partition for ever; and blames nothing else for that.
 *
 *   all at a time ─ the life ends ─► groups ─ ends in one ─► one at a time ─ ends with the same one, again and again ─► condemned: a dead letter
 *        ▲                             │ ▲                        │
 *        └──── went through all ───────┘ └── went through them ───┘
 *
 * What is worked on is noted before, and struck out by the commit that settles it, so a life knows with what the one before it ended (`Suspicion`).
 * A throw of our own code is proof, and a fault of the journal proves nothing. If the process ended, it was killed, restarted or paused by somebody
 * else, nearly always. So a suspect rests before it is tried again, for a random time that is much longer than the try: whoever ends processes from
 * outside then mostly hits the rest, and that clears the suspect. Only what really ends the process does so five times in a row and never in a rest.
 */
export class Attempt {
  readonly #partition: Partition;
  readonly #clock: Clock;
  readonly #stopping: AbortSignalLike;
  /** What the journal says. */
  #noted: Suspicion | undefined;
  /** What is held against somebody by the lives before. */
  #held: Suspicion | undefined;
  pace: 'all' | 'group' | 'one';

  private constructor(partition: Partition, clock: Clock, stopping: AbortSignalLike, former: Suspicion | undefined, ending: Ending) {
    this.#partition = partition;
    this.#clock = clock;
    this.#stopping = stopping;
    this.#noted = former;
    this.#held = former && afterLife(former, ending);
    this.pace = paceAfter(former, ending);
  }

  /** `ending`: of the life before, as far as this process knows. */
  static async begin(partition: Partition, clock: Clock, stopping: AbortSignalLike, ending: Ending): Promise<Attempt> {
    const value = await partition.get('meta', key);
    return new Attempt(partition, clock, stopping, value && (JSON.parse(value.utf8Slice()) as Suspicion), ending);
  }

  /** Called before the first work of a life that is not careful: from now on its end leaves a trace. */
  async mark(): Promise<void> {
    if (!this.#noted) await this.#note(working('all'));
  }

  /** The key of the deadline, or the id of the entry, to begin with; '' if nothing is held against anybody. */
  get suspect(): string {
    return this.#held?.suspect ?? '';
  }

  /**
   * Works on a group that begins with `first`, or on that one alone; then it may be condemned. The note of it is struck out with `step`, which `work`
   * must commit. Does nothing if the life is stopped before it comes to that.
   */
  async on(first: string, step: Step, work: (condemned: boolean) => Promise<void>): Promise<void> {
    if (this.pace === 'one') return this.#alone(first, step, work);
    await this.#note(working('group'));
    this.#strikeOut(step);
    await work(false);
  }
  /** The life went through all that it found. */
  over(step: Step): void {
    this.pace = 'all';
    if (!this.#noted) return;
    this.#noted = undefined;
    step.delete('meta', key);
  }

  async #alone(suspect: string, step: Step, work: (condemned: boolean) => Promise<void>): Promise<void> {
    const end = await turns.take(this.#stopping);
    try {
      await this.#try(suspect, step, work);
    } finally {
      end();
    }
  }

  async #try(suspect: string, step: Step, work: (condemned: boolean) => Promise<void>): Promise<void> {
    const held = this.#held?.suspect === suspect ? this.#held : { suspect, throws: 0, ends: 0, work: 'one' as const };
    const condemned = isCondemned(held);
    if (!condemned && held.ends > 0) await this.#rest(held);
    if (this.#stopping.aborted) return;
    if (!condemned) await this.#note({ ...held, work: 'one' });
    this.#strikeOut(step);
    await work(condemned);
    if (this.suspect === suspect) this.#held = undefined;
  }

  async #rest(held: Suspicion): Promise<void> {
    await this.#note({ ...held, work: 'rest' });
    await this.#clock.sleep(Math.random() * restMs * 2 ** held.ends, this.#stopping);
    if (this.#stopping.aborted && !this.#partition.lost.aborted) await this.#note({ ...held, work: 'pause' });
  }

  #strikeOut(step: Step): void {
    const settled = working('all');
    step.put('meta', key, encode(settled));
    step.afterwards(() => {
      this.#noted = settled;
    });
  }

  async #note(suspicion: Suspicion): Promise<void> {
    await this.#partition.commit({ put: [{ space: 'meta', key, value: encode(suspicion) }] });
    this.#noted = suspicion;
  }
}

function encode(suspicion: Suspicion): ReturnType<typeof bytes.from> {
  return bytes.from(JSON.stringify(suspicion));
}
