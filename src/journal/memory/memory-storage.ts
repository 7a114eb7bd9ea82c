/** The journal in memory: the same promises as the other stores, except that it ends with the process. */
import { z } from 'zod';
import type { Clock } from '../../model/clock.ts';
import type { Deps, Extension, Factory } from '../../model/component.ts';
import { Fault } from '../../model/fault.ts';
import type { Journal, JournalOptions, Storage } from '../journal.ts';
import { leaseMsDefault } from '../ownership.ts';
import { systemClock } from '../system-clock.ts';
import { MemoryJournal } from './memory-journal.ts';
import { MemoryState } from './memory-state.ts';

export interface MemoryStorageOptions {
  /** Stamps entries. */
  readonly clock?: Clock;
  /** Paces leases; the machine's own time outside of tests. */
  readonly leaseClock?: Clock;
  readonly leaseMs?: number;
}

const partitionsDefault = 8;

/** Journals of one name share their data for as long as this object lives: open one twice and there are two replicas; drop one and it crashed. */
export class MemoryStorage implements Storage {
  readonly #states: Map<string, MemoryState>;
  readonly #options: MemoryStorageOptions;

  constructor(options: MemoryStorageOptions = {}, shared?: MemoryStorage) {
    this.#options = options;
    this.#states = shared ? shared.#states : new Map();
  }

  /** The same data, seen by a replica with other options. */
  replica(options: MemoryStorageOptions): MemoryStorage {
    return new MemoryStorage(options, this);
  }

  async open(name: string, options: JournalOptions): Promise<Journal> {
    if (options.durability !== 'memory') {
      throw new Fault('GW_JOURNAL_LEVEL', `cannot open journal "${name}": memory cannot give durability "${options.durability}"`, {
        hint: 'set sending_queue::durability to "memory", or sending_queue::storage to a storage extension',
      });
    }
    const { clock = systemClock, leaseClock = systemClock, leaseMs = leaseMsDefault } = this.#options;
    let state = this.#states.get(name);
    if (!state) this.#states.set(name, (state = new MemoryState(options.partitions ?? partitionsDefault)));
    return new MemoryJournal({ name, state, bytesMax: options.bytesMax, clock, leaseClock, leaseMs });
  }
}

/** The `memory_storage` extension. */
export const memoryStorage: Factory<'extension', (config: unknown, deps: Deps) => Extension & Storage> = {
  kind: 'extension',
  type: 'memory_storage',
  aliases: [],
  summary: 'Keeps journals in memory: what waits is gone when the process ends.',
  signals: [],
  stability: 'beta',
  schema: z.strictObject({}),
  create(_config, { clock }) {
    const storage = new MemoryStorage({ clock });
    return { open: (name, options) => storage.open(name, options), start: async () => {}, stop: async () => {} };
  },
};
