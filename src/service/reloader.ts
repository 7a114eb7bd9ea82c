/**
 * When the configuration is loaded again: on demand (SIGHUP), and when one of its files changes, if it is watched.
 *
 *   idle ─reload─► loading ─► checked ─► swapped ─► idle        a demand that comes meanwhile is served right after
 *                     └─────────┴──► refused: the former configuration runs on
 *
 * Files are looked at, not subscribed to: what editors, Kubernetes and network file systems do to a file (write in place, rename over it, swap a
 * symbolic link above it) looks the same that way. A change counts once the files have been quiet for one look, so a file half written is not read.
 */
import type { BigIntStats } from 'node:fs';
import { stat } from 'node:fs/promises';
import { formatProblem, type Loaded } from '../config/load.ts';
import type { Clock } from '../model/clock.ts';
import { Fault } from '../model/fault.ts';
import { systemClock } from './clock.ts';
import type { Gateway } from './gateway.ts';

export interface ReloaderOptions {
  readonly gateway: Gateway;
  /** What runs. */
  readonly loaded: Loaded & { readonly ok: true };
  /** The files' `fingerprint` from before the start: a change that comes during the start counts. */
  readonly seen: string;
  load(): Promise<Loaded>;
  /** Watch even if the configuration does not ask for it. */
  readonly watch: boolean;
  readonly clock?: Clock;
}

const lookMs = 250;

export class Reloader {
  readonly #options: ReloaderOptions;
  readonly #clock: Clock;
  readonly #stopping = new AbortController();
  #files: readonly string[];
  #watching: boolean;
  #seen: string;
  #demanded = false;
  #reloading: Promise<void> | undefined;
  #looking: Promise<void> = Promise.resolve();

  constructor(options: ReloaderOptions) {
    const { loaded, watch, seen } = options;
    this.#options = options;
    this.#seen = seen;
    this.#clock = options.clock ?? systemClock;
    this.#files = loaded.files;
    this.#watching = watch || loaded.config.service.reload.watch;
  }

  /** Begins to look at the files. */
  start(): void {
    this.#looking = this.#keepLooking();
  }

  /** Resolves when no reload is under way and none will be. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#looking;
    await this.#reloading;
  }

  /** Resolves when the configuration as it is now either runs or was refused. Never rejects. */
  reload(): Promise<void> {
    this.#demanded = true;
    this.#reloading ??= this.#serve();
    return this.#reloading;
  }

  async #serve(): Promise<void> {
    while (this.#demanded && !this.#stopping.signal.aborted) {
      this.#demanded = false;
      await this.#once().catch((error) => this.#refuse([describe(Fault.of(error))]));
    }
    this.#reloading = undefined;
  }

  async #once(): Promise<void> {
    const { gateway, load, watch } = this.#options;
    gateway.telemetry.log('info', 'Configuration updated, reloading...');
    // Looked at before they are read, so that no change between the two is missed.
    const before = await fingerprint(this.#files);
    const loaded = await load();
    const sameFiles = loaded.files.join('\n') === this.#files.join('\n');
    this.#seen = sameFiles ? before : await fingerprint(loaded.files);
    this.#files = loaded.files;
    if (!loaded.ok) return this.#refuse(loaded.problems.map(formatProblem));
    for (const warning of loaded.warnings)
      gateway.telemetry.log('warn', 'the configuration is doubtful', { problem: formatProblem(warning) });
    await gateway.reload(loaded.config);
    this.#watching = watch || loaded.config.service.reload.watch;
    gateway.telemetry.log('info', 'Configuration reloaded.');
  }

  /** One line, whatever is wrong. */
  #refuse(problems: readonly string[]): void {
    const { service, telemetry } = this.#options.gateway;
    service.refused(problems.length);
    telemetry.log('error', 'the new configuration was refused; the former one keeps running', { problems });
  }

  async #keepLooking(): Promise<void> {
    let changed = '';
    while (!this.#stopping.signal.aborted) {
      await this.#clock.sleep(lookMs, this.#stopping.signal);
      if (!this.#watching || this.#reloading || this.#stopping.signal.aborted) continue;
      const now = await fingerprint(this.#files);
      if (now === this.#seen) changed = '';
      else if (now === changed) await this.reload();
      else changed = now;
    }
  }
}

function describe({ message, hint }: Fault): string {
  return hint === undefined ? message : `${message}\n  hint: ${hint}`;
}

/** Changes when any of the files does. */
export async function fingerprint(files: readonly string[]): Promise<string> {
  const stats = await Promise.all(files.map((path) => stat(path, { bigint: true }).catch(() => undefined)));
  return stats
    .map((one: BigIntStats | undefined) => (one ? `${one.dev}/${one.ino}/${one.size}/${one.mtimeNs}/${one.ctimeNs}` : 'missing'))
    .join(' ');
}
