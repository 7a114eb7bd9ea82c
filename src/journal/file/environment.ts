/**
 * One LMDB environment per directory and process: LMDB forbids to open a file twice in one process, so those who need it share it.
 * It commits in LMDB's plain way: data synced, then the meta page written through; a transaction that resolved is on the disk, and every
 * other process sees it (strace: one fdatasync and one O_DSYNC write per commit).
 */
import { chmodSync, mkdirSync, realpathSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type Database, open, type RootDatabase } from 'lmdb';
import { Fault } from '../../model/fault.ts';
import { checkFile } from './check-file.ts';
import type { EntryStore } from './entry-store.ts';
import { Transactions } from './transactions.ts';
import { unavailable } from './unavailable.ts';

export interface EnvironmentOptions {
  readonly directory: string;
  readonly createDirectory: boolean;
  readonly directoryPermissions: number;
  readonly fsync: boolean;
  readonly lockWaitMs: number;
  /** The address space to reserve; the file may not grow beyond it. */
  readonly sizeMax: number;
}

export type Store = Database<Buffer, Buffer>;

/** Journals in one directory. */
const storesMax = 128;
/** What users' spans say is nobody else's business, whatever the directory allows. lmdb's types do not know this option. */
const ownerOnly = { permissionsMode: 0o600 };
const environments = new Map<string, Environment>();

export class Environment {
  readonly #path: string;
  readonly #root: RootDatabase<Buffer, Buffer>;
  readonly transactions: Transactions;
  readonly #entries = new Map<string, Promise<EntryStore>>();
  #users = 0;

  private constructor(path: string, options: EnvironmentOptions) {
    this.#path = path;
    this.#root = open<Buffer, Buffer>({
      ...ownerOnly,
      path,
      noSubdir: false,
      mapSize: options.sizeMax,
      maxDbs: storesMax,
      encoding: 'binary',
      keyEncoding: 'binary',
      overlappingSync: false,
      // Batching is done in `Transactions`; lmdb's own leaves a promise unhandled when a commit fails, which would end the process.
      eventTurnBatching: false,
      noSync: !options.fsync,
    });
    this.transactions = new Transactions(this.#root, options.lockWaitMs);
  }

  /** Opens the directory's environment or shares the open one. `close` it as often. */
  static async open(options: EnvironmentOptions): Promise<Environment> {
    prepareDirectory(options);
    const path = realpathSync(options.directory);
    let environment = environments.get(path);
    if (!environment) {
      await checkFile(join(path, 'data.mdb'));
      environment = environments.get(path);
    }
    if (!environment) {
      environment = opened(path, () => new Environment(path, options));
      environments.set(path, environment);
    }
    environment.#users++;
    return environment;
  }

  store(name: string): Store {
    return opened(this.#path, () => this.#root.openDB<Buffer, Buffer>({ name, encoding: 'binary', keyEncoding: 'binary' }));
  }

  /** A journal's entries, which all who open it in this process share. `make` opens them for the first one. */
  entries(name: string, make: (directory: string) => Promise<EntryStore>): Promise<EntryStore> {
    let entries = this.#entries.get(name);
    if (!entries) {
      entries = make(this.#path);
      this.#entries.set(name, entries);
      entries.catch(() => this.#entries.delete(name));
    }
    return entries;
  }

  async close(): Promise<void> {
    if (--this.#users > 0) return;
    environments.delete(this.#path);
    try {
      for (const entries of this.#entries.values()) await (await entries).close();
    } finally {
      await this.transactions.idle();
      await this.#root.close();
    }
  }
}

function opened<Result>(path: string, action: () => Result): Result {
  try {
    return action();
  } catch (error) {
    if (/MDB_(CORRUPTED|INVALID|PAGE_NOTFOUND|VERSION_MISMATCH|BAD_TXN|PANIC)|not an LMDB file/.test(String(error))) {
      throw new Fault('GW_JOURNAL_CORRUPT', `cannot open the journal in ${path}: its file is damaged`, {
        hint: 'move the directory away to keep it for a rescue, and start again with an empty one',
        cause: error,
      });
    }
    throw unavailable('open', error);
  }
}

function prepareDirectory({ directory, createDirectory, directoryPermissions }: EnvironmentOptions): void {
  try {
    if (createDirectory && mkdirSync(directory, { recursive: true, mode: directoryPermissions }))
      chmodSync(directory, directoryPermissions);
    if (statSync(directory).isDirectory()) return;
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOENT') {
      throw new Fault('GW_JOURNAL_UNAVAILABLE', `cannot open the journal in ${directory}: the directory does not exist`, {
        hint: 'create it or set file_storage::create_directory to true',
        cause: error,
      });
    }
    if (code !== 'EEXIST' && code !== 'ENOTDIR') throw unavailable('open', error);
  }
  throw new Fault('GW_JOURNAL_UNAVAILABLE', `cannot open the journal in ${directory}: it is not a directory`, {
    hint: 'set file_storage::directory to a directory',
  });
}
