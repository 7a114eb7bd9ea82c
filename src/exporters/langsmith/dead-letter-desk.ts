/**
 * Dead letters for an operator, from any process: reading needs no ownership, and what changes something travels to the partition's owner as a
 * command in its inbox. If no gateway runs, the next one executes it.
 */
import type { Journal } from '../../journal/journal.ts';
import { Fault } from '../../model/fault.ts';
import { type Command, encodeCommand } from './partition/entry-codec.ts';
import { type DeadLetter, decodeDeadLetter } from './sealed-batch.ts';
import { describe, type LetterView, viewOf } from './upload/dead-letters.ts';

const page = 500;
/** Behind every key: keys begin with digits. */
const end = '~';

export class DeadLetterDesk {
  readonly #journal: Journal;

  constructor(journal: Journal) {
    this.#journal = journal;
  }

  /** All letters, by partition, oldest first within each. A letter that cannot be read is left out. */
  async *letters(): AsyncGenerator<{ readonly partition: number; readonly letter: DeadLetter }> {
    for (let partition = 0; partition < this.#journal.partitions; partition += 1) {
      let from = '';
      for (;;) {
        const pairs = await this.#journal.peek(partition, 'dead', from, end, page);
        for (const { value } of pairs) yield { partition, letter: decodeDeadLetter(value) };
        const last = pairs.at(-1);
        if (!last || pairs.length < page) break;
        from = `${last.key}\u0000`;
      }
    }
  }

  /** One line per letter, oldest first. */
  async list(): Promise<readonly string[]> {
    const lines: string[] = [];
    for await (const { letter } of this.letters()) lines.push(describe(letter));
    return lines.sort();
  }

  /** Rejects with a `Fault` if there is none of that key. */
  async show(key: string): Promise<LetterView> {
    return viewOf((await this.#find(key)).letter);
  }

  /** `all`: every letter there is now. Resolves with how many commands were left for the owners. */
  async command(action: Command['action'], keys: readonly string[] | 'all'): Promise<number> {
    const found: { readonly partition: number; readonly key: string }[] = [];
    if (keys === 'all') for await (const { partition, letter } of this.letters()) found.push({ partition, key: letter.key });
    else for (const key of keys) found.push({ partition: (await this.#find(key)).partition, key });
    await this.#journal.append(found.map(({ partition, key }) => ({ partition, payload: encodeCommand({ action, key }), items: 0 })));
    return found.length;
  }

  async #find(key: string): Promise<{ readonly partition: number; readonly letter: DeadLetter }> {
    for (let partition = 0; partition < this.#journal.partitions; partition += 1) {
      const [pair] = await this.#journal.peek(partition, 'dead', key, `${key}\u0000`, 1);
      if (pair) return { partition, letter: decodeDeadLetter(pair.value) };
    }
    throw new Fault('GW_CONFIG_INVALID', `cannot find dead letter "${key}"`, { hint: 'list them with "spanway dead-letters list"' });
  }
}
