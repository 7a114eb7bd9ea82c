/**
 * One partition while it is ours: reads its entries in order, sends several at a time, and acknowledges each when it is settled, with the dead
 * letters of what was given up in the same commit. What is not acknowledged is sent again by the next owner: at least once.
 *
 * Stored, beside the inbox: `dead` <time>-<entry id>…  a dead letter that can be given back to the inbox.
 */
import type { Change, Entry, EntryId, Partition } from '../../journal/journal.ts';
import type { Clock } from '../../model/clock.ts';
import { Fault } from '../../model/fault.ts';
import type { Observer } from '../../model/observer.ts';
import { Committer } from './committer.ts';
import type { Delivery, Settled } from './delivery.ts';
import { type Content, decodeEntry } from './entry.ts';
import type { Ledger } from './ledger.ts';
import type { Letters } from './letters.ts';

export interface PartitionSenderDeps {
  readonly id: string;
  readonly clock: Clock;
  readonly observer: Observer;
  readonly ledger: Ledger;
  readonly delivery: Delivery;
  readonly letters: Letters;
  /** A journal in memory keeps no letters: nobody could read them, and they would fill it. */
  readonly keepsLetters: boolean;
  /** This run of the gateway, as written into the entries that it appends. */
  readonly receiver: string;
  /** Bytes of entries that are on the way at the same time. */
  readonly heldBytesMax: number;
}

const restartMs = 1_000;
/** So long a handover waits for answers that are on the way. */
const lastAnswersMs = 500;

export class PartitionSender {
  readonly #partition: Partition;
  readonly #deps: PartitionSenderDeps;
  readonly #committer: Committer;
  readonly #underWay = new Set<Promise<void>>();
  readonly #ended: Promise<void>;
  #state: 'running' | 'draining' | 'closing' = 'running';
  #after: EntryId | undefined;
  #heldBytes = 0;
  readonly #quit = new AbortController();
  #nap = new AbortController();

  constructor(partition: Partition, deps: PartitionSenderDeps) {
    this.#partition = partition;
    this.#deps = deps;
    this.#committer = new Committer(partition, deps);
    partition.onAppend(() => this.#wake());
    partition.lost.addEventListener('abort', () => this.#close(), { once: true });
    this.#ended = this.#run();
  }

  /** `all`: reads until the inbox is empty; else stops reading at once. Resolves when everything that was read is settled or stopped. */
  async drain(all: boolean): Promise<void> {
    this.#state = all && this.#state === 'running' ? 'draining' : 'closing';
    this.#quit.abort();
    this.#wake();
    await this.#ended;
    await Promise.all(this.#underWay);
  }

  /** Stops reading and waits a moment for what is on the way. After this another replica may own the partition. */
  async release(): Promise<void> {
    const cancel = new AbortController();
    await Promise.race([this.drain(false), this.#deps.clock.sleep(lastAnswersMs, cancel.signal)]);
    cancel.abort();
  }

  #close(): void {
    this.#state = 'closing';
    this.#quit.abort();
    this.#wake();
  }

  #wake(): void {
    this.#nap.abort();
  }

  async #run(): Promise<void> {
    while (this.#state !== 'closing') {
      this.#nap = new AbortController();
      try {
        const more = this.#heldBytes < this.#deps.heldBytesMax && (await this.#read());
        if (!more && this.#state === 'draining' && this.#underWay.size === 0) return;
        if (!more) await this.#sleep(Number.POSITIVE_INFINITY);
      } catch (error) {
        if (this.#partition.lost.aborted) return;
        this.#report('A partition cannot be read; it is tried again.', error);
        await this.#sleep(restartMs);
      }
    }
  }

  async #read(): Promise<boolean> {
    const { heldBytesMax, observer, id } = this.#deps;
    const entries = await this.#partition.read(this.#after, heldBytesMax - this.#heldBytes);
    observer.healthy(`${id}/partition-${this.#partition.id}`);
    for (const entry of entries) {
      this.#after = entry.id;
      this.#heldBytes += entry.payload?.length ?? 0;
      const work = this.#work(entry).catch((error: unknown) => this.#report('An entry could not be sent; it stays in the journal.', error));
      this.#underWay.add(work);
      void work.finally(() => {
        this.#underWay.delete(work);
        this.#heldBytes -= entry.payload?.length ?? 0;
        this.#wake();
      });
    }
    return entries.length > 0;
  }

  async #work(entry: Entry): Promise<void> {
    const { ledger, receiver, letters, keepsLetters, delivery, observer, id } = this.#deps;
    const content = contentOf(entry);
    if (content?.kind === 'command') {
      await this.#committer.commit(ordered(entry.id, content));
      return;
    }
    const own = content?.receiver === receiver;
    ledger.took(entry.items, own);
    const tenure = { lost: this.#partition.lost, quit: this.#quit.signal };
    const settled: Settled | undefined = content
      ? await delivery.deliver(content.request, tenure)
      : { delivered: 0, losses: [], rejections: 0 };
    const dead = settled === undefined ? [] : content ? letters.of(entry, settled.losses) : [letters.damaged(entry)];
    const put = keepsLetters ? dead.map(({ pair }) => pair) : [];
    if (!settled || !(await this.#committer.commit({ acknowledge: [entry.id], put }))) return ledger.gaveBack(entry.items, own);
    ledger.settled(settled.delivered, entry.items - settled.delivered);
    if (settled.delivered > 0) observer.delivered(id, settled.delivered, content?.request.signal);
    for (const { reason, items } of dead) {
      observer.deadLettered(id, reason, items);
      if (!keepsLetters)
        observer.log('error', 'Data that the backend does not take was dropped, because its queue has no storage', { exporter: id, items });
    }
  }

  #report(sentence: string, error: unknown): void {
    const { id, observer } = this.#deps;
    const { code, message } = Fault.of(error);
    observer.degraded(`${id}/partition-${this.#partition.id}`, sentence, { exporter: id, code, reason: message });
  }

  async #sleep(ms: number): Promise<void> {
    const { signal } = this.#nap;
    if (signal.aborted) return;
    if (ms < Number.POSITIVE_INFINITY) return this.#deps.clock.sleep(ms, signal);
    await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
  }
}

/** `undefined` if it is damaged. */
function contentOf(entry: Entry): Content | undefined {
  try {
    return decodeEntry(entry);
  } catch {
    return undefined;
  }
}

/** A replay is the entry itself, given back to the inbox with a command to drop the letter; other commands are not for this exporter. */
function ordered(id: EntryId, { command }: Extract<Content, { kind: 'command' }>): Change {
  const drop = command.action === 'drop' ? [{ space: 'dead' as const, key: command.key }] : [];
  return { acknowledge: [id], delete: drop };
}
