import {
  closeSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { Fault } from '../model/fault.ts';
import type { StoreRecord } from './record.ts';

/**
 * Records on disk: segments `00000001.jsonl`, `00000002.jsonl`, … of JSON lines, appended to the newest only. A segment that is full is closed
 * for ever; the oldest is deleted when the directory exceeds its limit. A torn last line, left by a crash, is cut off when the log is opened.
 * Lines are written but not synced: they survive the end of the process, not of the machine, which is enough for a tool.
 */
export interface RecordLogOptions {
  readonly directory: string;
  readonly segmentBytesMax: number;
  readonly bytesMax: number;
}

export class RecordLog {
  readonly #options: RecordLogOptions;
  /** Bytes of each segment by number, oldest first. */
  readonly #segments = new Map<number, number>();
  #file = -1;
  #number = 0;

  /** Throws a `Fault` where the directory cannot be used. */
  constructor(options: RecordLogOptions) {
    this.#options = options;
    try {
      mkdirSync(options.directory, { recursive: true });
      for (const name of readdirSync(options.directory).sort()) {
        const number = Number(/^(\d{8})\.jsonl$/.exec(name)?.[1]);
        if (!Number.isNaN(number)) this.#segments.set(number, statSync(join(options.directory, name)).size);
      }
    } catch (error) {
      throw new Fault('GW_START_FAILED', `cannot open sink directory: ${(error as NodeJS.ErrnoException).code}`, { cause: error });
    }
    this.#number = Math.max(0, ...this.#segments.keys());
  }

  /** Every record in order. To be read to its end before the first append. */
  *read(): Generator<StoreRecord> {
    for (const number of this.#segments.keys()) {
      const content = readFileSync(this.#path(number));
      let start = 0;
      for (let end = content.indexOf(0x0a); end >= 0; end = content.indexOf(0x0a, start)) {
        yield this.#parse(content.toString('utf8', start, end), number);
        start = end + 1;
      }
      if (start < content.length) {
        truncateSync(this.#path(number), start);
        this.#segments.set(number, start);
      }
    }
  }

  append(lines: readonly string[]): void {
    const bytes = Buffer.from(`${lines.join('\n')}\n`);
    const size = this.#segments.get(this.#number) ?? 0;
    if (this.#file < 0 || size >= this.#options.segmentBytesMax) this.#open(size >= this.#options.segmentBytesMax || this.#number === 0);
    const start = this.#segments.get(this.#number) ?? 0;
    try {
      for (let written = 0; written < bytes.length; ) written += writeSync(this.#file, bytes, written);
    } catch (error) {
      // A full disk must not leave half a line before the next one.
      ftruncateSync(this.#file, start);
      throw error;
    }
    this.#segments.set(this.#number, start + bytes.length);
  }

  clear(): void {
    this.close();
    for (const number of this.#segments.keys()) rmSync(this.#path(number), { force: true });
    this.#segments.clear();
    this.#number = 0;
  }

  close(): void {
    if (this.#file >= 0) closeSync(this.#file);
    this.#file = -1;
  }

  #open(fresh: boolean): void {
    this.close();
    if (fresh) this.#number += 1;
    this.#file = openSync(this.#path(this.#number), 'a');
    if (!this.#segments.has(this.#number)) this.#segments.set(this.#number, 0);
    this.#deleteOldest();
  }

  #deleteOldest(): void {
    let total = 0;
    for (const size of this.#segments.values()) total += size;
    for (const [number, size] of this.#segments) {
      if (total <= this.#options.bytesMax || number === this.#number) return;
      rmSync(this.#path(number), { force: true });
      this.#segments.delete(number);
      total -= size;
    }
  }

  #path(number: number): string {
    return join(this.#options.directory, `${String(number).padStart(8, '0')}.jsonl`);
  }

  #parse(line: string, number: number): StoreRecord {
    try {
      return JSON.parse(line) as StoreRecord;
    } catch (error) {
      throw new Fault('GW_START_FAILED', `cannot read sink data: ${this.#path(number)} holds a line that is no JSON`, {
        hint: 'delete the file, or start with another directory',
        cause: error,
      });
    }
  }
}
