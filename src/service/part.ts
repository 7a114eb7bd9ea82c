import type { ComponentConfig } from '../config/load.ts';
import type { Observer } from '../model/observer.ts';
import { namedFiles } from './named-files.ts';
import { sameSettings } from './same-settings.ts';

export interface Startable {
  start(): Promise<void>;
  stop(deadlineMs: number): Promise<void>;
}

/** An observer for each instance: a reload has two of a component side by side, and what the one tells must not hide what the other does. */
export interface PartObserver extends Observer {
  forPart(): PartObserver;
  /** The degraded states that it told are over. */
  end(): void;
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
  readonly #create: (observer: PartObserver) => C;
  readonly #files: string;
  #observer: PartObserver;
  #component: C;

  /** `create` may add to `uses`. */
  constructor(id: string, origin: Origin, observer: PartObserver, create: (observer: PartObserver, uses: Set<string>) => C) {
    const uses = new Set<string>();
    this.id = id;
    this.origin = origin;
    this.uses = uses;
    this.#files = namedFiles(origin.config);
    this.#create = (own) => create(own, uses);
    this.#observer = observer.forPart();
    this.#component = this.#create(this.#observer);
  }

  get observer(): Observer {
    return this.#observer;
  }

  get component(): C {
    return this.#component;
  }

  isMadeFrom({ type, config }: Origin | ComponentConfig): boolean {
    if (this.origin.type !== type || !sameSettings(this.origin.config, config)) return false;
    return 'lookAtFiles' in this.#component || this.#files === namedFiles(config);
  }

  async stop(deadlineMs: number): Promise<void> {
    const observer = this.#observer;
    try {
      await this.#component.stop(deadlineMs);
    } finally {
      observer.end();
    }
  }

  /** Makes its component anew when it is stopping: what was stopped once cannot start again. */
  renew(): void {
    this.#observer = this.#observer.forPart();
    this.#component = this.#create(this.#observer);
  }
}
