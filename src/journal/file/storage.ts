/**
 * Journals in a directory: read this file first.
 *
 *   FileStorage ──open──► FileJournal ──append──► AppendQueue ─┐ one transaction, one sync
 *        │                     └──own──► FilePartition ─commit─┴► Transactions ──► LMDB
 *        └ Environment: the directory's LMDB file, checked before it is opened; shared by all journals and processes of the machine
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

export interface FileStorageOptions extends Partial<Omit<EnvironmentOptions, 'directory'>> {
  readonly directory: string;
  readonly clock?: Clock;
  readonly leaseMs?: number;
  readonly leaseClock?: Clock;
  /** Told of trouble with the leases, and with `undefined` that it is over. */
  readonly report?: (error: unknown) => void;
}

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
      return new FileJournal({
        name,
        environment,
        store,
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
