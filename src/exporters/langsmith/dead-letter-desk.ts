/**
 * Dead letters for an operator, from any process: reading needs no ownership, and what changes something travels to the partition's owner as a
 * command in its inbox. If no gateway runs, the next one executes it.
 */
import type { Journal, NewEntry } from '../../journal/journal.ts';
import type { Bytes } from '../../model/bytes.ts';
import { Fault } from '../../model/fault.ts';
import { type Command, encodeCommand } from '../dead-letters/command.ts';
import type { DeadLetter } from '../dead-letters/dead-letter.ts';
import { decodeDeadLetter } from '../dead-letters/dead-letter.ts';
import { describe, type LetterView, viewOf } from './upload/dead-letters.ts';

/** A letter may hold megabytes. */
const page = 16;
/** Behind every key: keys begin with digits. */
const end = '~';
const commandsPerAppend = 500;

interface Found {
  readonly partition: number;
  readonly key: string;
  readonly record: Bytes;
}

export class DeadLetterDesk {
  readonly #journal: Journal;

  constructor(journal: Journal) {
    this.#journal = journal;
  }

  /** All letters, by partition, oldest first within each. A letter that cannot be read is left out. */
  async *letters(): AsyncGenerator<{ readonly partition: number; readonly letter: DeadLetter }> {
    for await (const { partition, record } of this.#all()) {
      const letter = readable(record);
      if (letter) yield { partition, letter };
    }
  }

  /** One line per letter, oldest first. */
  async list(): Promise<readonly string[]> {
    const lines: string[] = [];
    for await (const { letter } of this.letters()) lines.push(describe(letter));
    return lines.sort();
  }

  async has(key: string): Promise<boolean> {
    return (await this.#look(key)) !== undefined;
  }

  /** Rejects with a `Fault` if there is none of that key, or it cannot be read. */
  async show(key: string): Promise<LetterView> {
    return viewOf(decodeDeadLetter((await this.#find(key)).record));
  }

  /**
   * `all`: every letter that there is now; of those that hold nothing to send, a replay leaves them where they are. Resolves with how many commands
   * were left for the owners. Rejects, before any is left, with a `Fault` if a key names no letter, or one that cannot be replayed.
   */
  async command(action: Command['action'], keys: readonly string[] | 'all'): Promise<number> {
    const entries: NewEntry[] = [];
    let count = 0;
    const append = async (): Promise<void> => void (await this.#journal.append(entries.splice(0)));
    for await (const found of keys === 'all' ? this.#all() : this.#named(keys)) {
      const orders = ordersFor(action, found);
      if (orders.length === 0 && keys === 'all') continue;
      if (orders.length === 0)
        throw new Fault(
          'GW_CONFIG_INVALID',
          `cannot replay dead letter "${found.key}": it holds no run, only what is left of the stored bytes`,
        );
      entries.push(...orders);
      count += 1;
      if (keys === 'all' && entries.length >= commandsPerAppend) await append();
    }
    await append();
    return count;
  }

  async *#all(): AsyncGenerator<Found> {
    for (let partition = 0; partition < this.#journal.partitions; partition += 1) {
      for (let from = ''; ; ) {
        const pairs = await this.#journal.peek(partition, 'dead', from, end, page);
        for (const { key, value } of pairs) yield { partition, key, record: value };
        if (pairs.length < page) break;
        from = `${pairs.at(-1)?.key}\0`;
      }
    }
  }

  async *#named(keys: readonly string[]): AsyncGenerator<Found> {
    for (const key of keys) yield await this.#find(key);
  }

  async #find(key: string): Promise<Found> {
    const found = await this.#look(key);
    if (found) return found;
    throw new Fault('GW_CONFIG_INVALID', `cannot find dead letter "${key}"`, { hint: 'list them with "spanway dead-letters list"' });
  }

  async #look(key: string): Promise<Found | undefined> {
    for (let partition = 0; partition < this.#journal.partitions; partition += 1) {
      const [pair] = await this.#journal.peek(partition, 'dead', key, `${key}\0`, 1);
      if (pair) return { partition, key, record: pair.value };
    }
    return undefined;
  }
}

/** What goes into the partition's inbox; nothing if the letter cannot be replayed. A letter that holds an entry is replayed by giving the entry back. */
function ordersFor(action: Command['action'], { partition, key, record }: Found): NewEntry[] {
  const command = (what: Command['action']): NewEntry => ({ partition, payload: encodeCommand({ action: what, key }), items: 0 });
  if (action === 'drop') return [command('drop')];
  const letter = readable(record);
  if (letter?.holds === 'run') return [command('replay')];
  return letter?.holds === 'entry' ? [{ partition, payload: letter.parts, items: letter.items }, command('drop')] : [];
}

function readable(record: Bytes): DeadLetter | undefined {
  try {
    return decodeDeadLetter(record);
  } catch {
    return undefined;
  }
}
