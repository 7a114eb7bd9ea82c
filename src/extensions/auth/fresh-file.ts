/**
 * A file of credentials that may be replaced while the gateway runs. It is looked at when somebody asks, at most once a second, so it needs no timer
 * and no subscription. A file that cannot be read any more leaves what was read last in force: a slip of an operator should not lock every caller out.
 */
import { readFile, stat } from 'node:fs/promises';
import type { Deps } from '../../model/component.ts';
import { Fault } from '../../model/fault.ts';

const lookEveryMs = 1_000;
const fileBytesMax = 1 << 20;

export class FreshFile<Content> {
  readonly #path: string;
  readonly #parse: (text: string) => Content;
  readonly #deps: Deps;
  #content: Content | undefined;
  #seen = '';
  #lookedAtMs = Number.NEGATIVE_INFINITY;

  constructor(path: string, parse: (text: string) => Content, deps: Deps) {
    this.#path = path;
    this.#parse = parse;
    this.#deps = deps;
  }

  /** Rejects with `GW_START_FAILED` if the file cannot be read or understood. */
  async start(): Promise<void> {
    await this.#read();
  }

  async content(): Promise<Content> {
    const { id, observer, clock } = this.#deps;
    const now = clock.now();
    if (now >= this.#lookedAtMs + lookEveryMs) {
      this.#lookedAtMs = now;
      try {
        await this.#read();
        observer.healthy(id);
      } catch (error) {
        observer.degraded(id, 'A file of credentials cannot be read; the credentials read before stay in force.', {
          reason: Fault.of(error).message,
        });
      }
    }
    if (this.#content === undefined) throw new Fault('GW_RECEIVE_STOPPING', `cannot use ${this.#path}: it was not read yet`);
    return this.#content;
  }

  async #read(): Promise<void> {
    try {
      const { mtimeNs, ctimeNs, size, ino } = await stat(this.#path, { bigint: true });
      const seen = `${ino}/${size}/${mtimeNs}/${ctimeNs}`;
      if (seen === this.#seen) return;
      if (size > fileBytesMax) throw new Fault('GW_START_FAILED', `cannot read ${this.#path}: it is larger than ${fileBytesMax} bytes`);
      this.#content = this.#parse(await readFile(this.#path, 'utf8'));
      this.#seen = seen;
    } catch (error) {
      if (error instanceof Fault) throw error;
      const reason = (error as NodeJS.ErrnoException).code ?? 'unknown reason';
      throw new Fault('GW_START_FAILED', `cannot read ${this.#path}: ${reason}`, { cause: error });
    }
  }
}
