/** Journals in Redis that a test opens, closed when it ends. */
import type { Journal, JournalOptions } from '../../src/journal/journal.ts';
import { RedisStorage, type RedisStorageOptions } from '../../src/journal/redis/storage.ts';
import { Owned } from '../contract/journal-owner.ts';

export interface OwnedJournal {
  readonly journal: Journal;
  readonly owned: Owned;
}

export class RedisJournals {
  readonly #journals: Journal[] = [];

  async open(storage: RedisStorageOptions, options: Partial<JournalOptions> = {}): Promise<Journal> {
    const journal = await new RedisStorage({ leaseMs: 1_000, ...storage }).open('langsmith', {
      durability: 'redis_fsync',
      bytesMax: 2 ** 30,
      partitions: 4,
      ...options,
    });
    this.#journals.push(journal);
    return journal;
  }

  async openOwned(storage: RedisStorageOptions, options: Partial<JournalOptions> = {}): Promise<OwnedJournal> {
    const journal = await this.open(storage, options);
    const owned = new Owned();
    await journal.own(owned);
    return { journal, owned };
  }

  async close(): Promise<void> {
    for (const journal of this.#journals.splice(0)) await journal.close();
  }
}

/** All entries of the partitions that are owned, as texts. */
export async function contentsOf({ partitions }: Owned): Promise<string[]> {
  const found: string[] = [];
  for (const partition of partitions.values())
    for (
      let entries = await partition.read(undefined, 2 ** 22);
      entries.length > 0;
      entries = await partition.read(entries.at(-1)?.id, 2 ** 22)
    )
      found.push(...entries.map(({ payload }) => `${payload}`));
  return found;
}
