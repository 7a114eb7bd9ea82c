/**
 * Journals in a directory: read this file first.
 *
 *   FileStorage ──open──► FileJournal ──append──► AppendQueue ──► Segments ──one write, synced──► a file of entries
 *        │                     │                                     └ heads of entries ┐
 *        │                     └──own──► FilePartition ─────────────────────────commit─┴► Transactions ──► LMDB
 *        └ Environment: the directory's LMDB file, checked before it is opened; shared by all journals and processes of the machine
 *
 * Payloads are written and read once or twice and are gone within seconds; LMDB would copy and map every one of them. It holds what has an order or is looked
 * for: heads of entries, and the partitions' maps.
 *
 * LMDB cannot be shared between machines, so neither can the directory.
 */
import type { Clock } from '../../model/clock.ts';
import { Fault } from '../../model/fault.ts';
import type { Journal, JournalOptions, Storage } from '../journal.ts';
import { leaseMsDefault } from '../ownership.ts';
import { systemClock } from '../system-clock.ts';
import { Environment, type EnvironmentOptions } from './environment.ts';
import { FileJournal } from './file-journal.ts';
import { openFormat } from './format.ts';
import { InlineEntries } from './inline-entries.ts';
import { Segments } from './segments/segments.ts';

export interface FileStorageOptions extends Partial<Omit<EnvironmentOptions, 'directory'>> {
  readonly directory: string;
  readonly clock?: Clock;
  readonly leaseMs?: number;
  readonly leaseClock?: Clock;
  /** Told of trouble with the leases, and with `undefined` that it is over. */
  readonly report?: (error: unknown) => void;
}

/** Entries of journals of this format and later ones stand in files of their own. */
const segmentsFormat = 3;
/** Address space, not disk: it costs nothing until it is used. */
export const sizeMaxDefault = 256 * 2 ** 30;

export class FileStorage implements Storage {
  readonly #options: FileStorageOptions;

  constructor(options: FileStorageOptions) {
    this.#options = options;
  }

  async open(name: string, options: JournalOptions): Promise<Journal> {
    const { clock, leaseClock, leaseMs, report, fsync = true } = this.#options;
    this.#checkLevel(name, options, fsync);
    const environment = await this.openEnvironment();
    try {
      const store = environment.store(name);
      const { format, partitions } = await openFormat(name, environment, store, options.partitions);
      const { transactions } = environment;
      const entries = await environment.entries(name, async (directory) =>
        format < segmentsFormat
          ? new InlineEntries(store, transactions)
          : Segments.open({ name, directory, store, transactions, partitions, fsync, leaseMs: leaseMs ?? leaseMsDefault }),
      );
      return new FileJournal({
        name,
        environment,
        store,
        entries,
        format,
        partitions,
        durability: options.durability,
        bytesMax: options.bytesMax,
        leaseMs: leaseMs ?? leaseMsDefault,
        clock: clock ?? systemClock,
        leaseClock: leaseClock ?? systemClock,
        report: report ?? (() => {}),
      });
    } catch (error) {
      await environment.close();
      throw error;
    }
  }

  /** Opens the directory without a journal, so that trouble with it shows. Close it after use. */
  openEnvironment(): Promise<Environment> {
    return Environment.open({
      createDirectory: true,
      directoryPermissions: 0o750,
      fsync: true,
      lockWaitMs: 5_000,
      sizeMax: sizeMaxDefault,
      ...this.#options,
    });
  }

  #checkLevel(name: string, { durability }: JournalOptions, fsync: boolean): void {
    if (durability === 'memory' || (durability === 'disk' && fsync)) return;
    const reason = durability === 'disk' ? 'file_storage::fsync is false' : 'a file is not Redis';
    throw new Fault('GW_JOURNAL_LEVEL', `cannot open journal "${name}" with durability "${durability}": ${reason}`, {
      hint: durability === 'disk' ? 'set file_storage::fsync to true' : 'set sending_queue::durability to "disk"',
    });
  }
}
