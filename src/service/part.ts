import type { ComponentConfig } from '../config/load.ts';
import { namedFiles } from './named-files.ts';
import { sameSettings } from './same-settings.ts';

export interface Startable {
  start(): Promise<void>;
  stop(deadlineMs: number): Promise<void>;
}

/** What a component was made from. */
export interface Origin {
  readonly type: string;
  readonly config: unknown;
}

/**
 * A component that lives in one graph or, unchanged, in several: a reload keeps the part of every component that it need not touch.
 * Two graphs hold the same component exactly if they hold the same part.
 */
export class Part<C extends Startable = Startable> {
  readonly id: string;
  readonly origin: Origin;
  /** Ids of the extensions that it asked for when it was made. */
  readonly uses: ReadonlySet<string>;
  readonly #create: () => C;
  readonly #files: string;
  #component: C;

  /** `create` may add to `uses`. */
  constructor(id: string, origin: Origin, create: (uses: Set<string>) => C) {
    const uses = new Set<string>();
    this.id = id;
    this.origin = origin;
    this.uses = uses;
    this.#files = namedFiles(origin.config);
    this.#create = () => create(uses);
    this.#component = this.#create();
  }

  get component(): C {
    return this.#component;
  }

  isMadeFrom({ type, config }: Origin | ComponentConfig): boolean {
    return this.origin.type === type && sameSettings(this.origin.config, config) && this.#files === namedFiles(config);
  }

  /** Makes it anew after it was stopped, and starts it: what was stopped once cannot start again. */
  async revive(): Promise<void> {
    this.#component = this.#create();
    await this.#component.start();
  }
}
