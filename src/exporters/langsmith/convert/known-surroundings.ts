import type { Resource, Scope } from '../../../model/batch.ts';
import { groupIdentity } from '../../../otlp/otlp.ts';
import { type Surroundings, surroundingsOf } from './resource.ts';

/** Senders under way at a time, more or less; some 2 kB each. */
const knownMax = 256;

/** A sender repeats its resource with every request, and often sends one span in each: what follows from the resource is found once. */
export class KnownSurroundings {
  readonly #known = new Map<string, Surroundings>();

  of(resource: Resource, scope: Scope): Surroundings {
    const identity = groupIdentity(resource, scope);
    return identity === undefined ? surroundingsOf(resource, scope) : (this.#known.get(identity) ?? this.#learn(identity, resource, scope));
  }

  /** When there are too many, all are forgotten: who still sends is soon known again. */
  #learn(identity: string, resource: Resource, scope: Scope): Surroundings {
    const surroundings = surroundingsOf(resource, scope);
    if (this.#known.size >= knownMax) this.#known.clear();
    this.#known.set(identity, surroundings);
    return surroundings;
  }
}
