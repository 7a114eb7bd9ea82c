/** The files of a journal's segments, beside LMDB's: `<journal>.<number>.entries`. */
import { createHash } from 'node:crypto';
import { closeSync, constants, openSync, readSync } from 'node:fs';
import { type FileHandle, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { unavailable } from '../unavailable.ts';

/** A segment takes no group beyond that. The first one it takes in any case. */
export const segmentBytesMax = 16 * 2 ** 20;
/** Open at a time for reading. */
const openMax = 32;
/** Files that are kept to be written again: blocks that a file has already cost half of what new ones do. */
const sparesMax = 4;
const namedMax = 40;
/** Linux syncs a write of its own accord, in half the time. Elsewhere the flag is missing, or leaves the data in the drive's memory. */
const syncFlag = process.platform === 'linux' ? constants.O_DSYNC : 0;

export class SegmentFiles {
  readonly #directory: string;
  readonly #prefix: string;
  readonly #sync: boolean;
  /** By segment, the one used last at the end. */
  readonly #reading = new Map<number, number>();
  /** Segments that this process has written to their end. Others may still write into theirs, even when they should not any more. */
  readonly #written = new Set<number>();
  /** Segments that are gone and whose files are kept. */
  readonly #spares: number[] = [];

  /** `sync`: what is written is on the disk when the write returns. */
  constructor(directory: string, journal: string, sync: boolean) {
    this.#directory = directory;
    this.#prefix = prefixOf(journal);
    this.#sync = sync;
  }

  /** The file of a new segment, whose name is durable. What a former segment has left in it does not pass for entries of this one. */
  async create(number: number): Promise<SegmentFile> {
    const spare = this.#spares.pop();
    // Another process may have removed it when it started.
    if (spare !== undefined) await rename(this.#path(spare), this.#path(number)).catch(() => {});
    const file = await open(this.#path(number), constants.O_RDWR | constants.O_CREAT | (this.#sync ? syncFlag : 0), 0o600);
    try {
      await this.#giveToOwner(file);
      if (this.#sync) await this.#syncDirectory();
    } catch (error) {
      await file.close();
      throw error;
    }
    const closed = (length: number): unknown => length <= segmentBytesMax && this.#written.add(number);
    return new SegmentFile(number, file, this.#sync && syncFlag === 0, closed);
  }

  /** Bytes of a segment; `undefined` if it does not have so many, or they cannot be read. Throws `GW_JOURNAL_UNAVAILABLE`. */
  read(number: number, position: number, length: number): Buffer | undefined {
    try {
      const bytes = Buffer.allocUnsafeSlow(length);
      return readSync(this.#opened(number), bytes, 0, length, position) === length ? bytes : undefined;
    } catch (error) {
      this.#close(number);
      if (['ENOENT', 'EIO'].includes((error as NodeJS.ErrnoException).code ?? '')) return undefined;
      throw unavailable('read', error);
    }
  }

  /** Length of a segment's file, 0 if there is none. Rejects with `GW_JOURNAL_UNAVAILABLE`. */
  async lengthOf(number: number): Promise<number> {
    try {
      return (await stat(this.#path(number))).size;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 0;
      throw unavailable('read', error);
    }
  }

  /** Of which segments there are files. */
  async list(): Promise<readonly number[]> {
    const names = (await readdir(this.#directory)).filter((name) => name.startsWith(this.#prefix));
    return names.flatMap((name) => /^(\d+)\.entries$/.exec(name.slice(this.#prefix.length))?.[1] ?? []).map(Number);
  }

  /** Nothing is left of the segment. */
  async remove(number: number): Promise<void> {
    this.#close(number);
    if (this.#written.delete(number) && this.#spares.length < sparesMax) this.#spares.push(number);
    else await this.#delete(number);
  }

  /** A file that another process has removed takes room until nobody has it open. */
  closeAllBut(numbers: { has(number: number): boolean }): void {
    for (const number of [...this.#reading.keys()]) if (!numbers.has(number)) this.#close(number);
    for (const number of this.#written) if (!numbers.has(number)) this.#written.delete(number);
  }

  async close(): Promise<void> {
    this.closeAllBut(new Set());
    for (const spare of this.#spares.splice(0)) await this.#delete(spare);
  }

  /** What cannot be removed now is removed at the next start: it has no record. */
  async #delete(number: number): Promise<void> {
    await rm(this.#path(number), { force: true }).catch(() => {});
  }

  #path(number: number): string {
    return join(this.#directory, `${this.#prefix}${number}.entries`);
  }

  #opened(number: number): number {
    const file = this.#reading.get(number) ?? openSync(this.#path(number), 'r');
    this.#reading.delete(number);
    this.#reading.set(number, file);
    if (this.#reading.size > openMax) this.#close(this.#reading.keys().next().value as number);
    return file;
  }

  #close(number: number): void {
    const file = this.#reading.get(number);
    if (file === undefined) return;
    this.#reading.delete(number);
    closeSync(file);
  }

  /** An operator's command may run as root beside a gateway that does not, which must be able to read what the command appends. */
  async #giveToOwner(file: FileHandle): Promise<void> {
    if (process.getuid?.() !== 0) return;
    const { uid, gid } = await stat(this.#directory);
    if (uid !== 0) await file.chown(uid, gid);
  }

  async #syncDirectory(): Promise<void> {
    const directory = await open(this.#directory, 'r');
    try {
      await directory.sync();
    } finally {
      await directory.close();
    }
  }
}

/** Of no other journal, also where a file system does not tell capitals from small letters; short, and one can see whose it is. */
function prefixOf(journal: string): string {
  const seen = journal
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, namedMax);
  return `${seen}.${createHash('sha256').update(journal).digest('hex').slice(0, 12)}.`;
}

/** A segment that is being written. */
export class SegmentFile {
  readonly number: number;
  readonly #file: FileHandle;
  readonly #sync: boolean;
  readonly #closed: (length: number) => void;
  /** Bytes that were written and held. */
  #length = 0;

  /** `sync`: a write is not on the disk when it returns. */
  constructor(number: number, file: FileHandle, sync: boolean, closed: (length: number) => void) {
    this.number = number;
    this.#file = file;
    this.#sync = sync;
    this.#closed = closed;
  }

  get length(): number {
    return this.#length;
  }

  /** Rejects, with nothing of it held, if not all of it could be written. */
  async append(parts: readonly Uint8Array[], bytes: number): Promise<void> {
    try {
      const { bytesWritten } = await this.#file.writev(parts as Uint8Array[], this.#length);
      if (this.#sync) await this.#file.datasync();
      if (bytesWritten < bytes) throw Object.assign(new Error('only a part was written'), { code: 'ENOSPC' });
    } catch (error) {
      // What cannot be cut off is overwritten, or found after a crash like an append whose answer was lost.
      await this.#file.truncate(this.#length).catch(() => {});
      throw error;
    }
    this.#length += bytes;
  }

  async close(): Promise<void> {
    await this.#file.close().catch(() => {});
    this.#closed(this.#length);
  }
}
