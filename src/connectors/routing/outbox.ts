import type { Batch, Caller, LogRecord, Resource, ResourceLogs, ResourceSpans, Scope, Span } from '../../model/batch.ts';
import { cloneLogRecord, cloneSpan, logsOf, tracesOf } from '../../otlp/otlp.ts';
import { WireResource, WireScope } from '../../otlp/wire-groups.ts';

interface Routed {
  readonly pipeline: string;
  readonly batch: Batch;
}

/** How one signal is put together. */
interface Signal<Group, Inner, Item> {
  group(resource: Resource, inner: Inner[]): Group;
  inner(scope: Scope, items: Item[]): Inner;
  clone(item: Item): Item;
  batch(caller: Caller, groups: Group[]): Batch;
}

const traces: Signal<ResourceSpans, ResourceSpans['scopeSpans'][number], Span> = {
  group: (resource, scopeSpans) => ({ resource, scopeSpans }),
  inner: (scope, spans) => ({ scope, spans }),
  clone: cloneSpan,
  batch: tracesOf,
};

const logs: Signal<ResourceLogs, ResourceLogs['scopeLogs'][number], LogRecord> = {
  group: (resource, scopeLogs) => ({ resource, scopeLogs }),
  inner: (scope, logRecords) => ({ scope, logRecords }),
  clone: cloneLogRecord,
  batch: logsOf,
};

export const tracesOutbox = (caller: Caller) => new Outbox(traces, caller);
export const logsOutbox = (caller: Caller) => new Outbox(logs, caller);

/** What is under way to one pipeline. */
interface Parcel<Group, Inner, Item> {
  readonly groups: Group[];
  resource: Resource | undefined;
  inners: Inner[];
  scope: Scope | undefined;
  items: Item[];
}

/**
 * Puts items into one batch per pipeline, with the structure of resources and scopes that they came in. Pipelines share nothing that
 * can be changed: the first one gets the original, the others get copies.
 */
class Outbox<Group, Inner, Item> {
  readonly #signal: Signal<Group, Inner, Item>;
  readonly #caller: Caller;
  readonly #parcels = new Map<string, Parcel<Group, Inner, Item>>();
  readonly #given = new Set<Resource | Scope>();

  constructor(signal: Signal<Group, Inner, Item>, caller: Caller) {
    this.#signal = signal;
    this.#caller = caller;
  }

  /** Whether the item went anywhere. Items of one resource, and within it of one scope, follow each other. */
  put(resource: Resource, scope: Scope, item: Item, pipelines: Iterable<string>): boolean {
    let given = false;
    for (const pipeline of pipelines) {
      this.#open(pipeline, resource, scope).push(given ? this.#signal.clone(item) : item);
      given = true;
    }
    return given;
  }

  batches(): readonly Routed[] {
    return Array.from(this.#parcels, ([pipeline, { groups }]) => ({ pipeline, batch: this.#signal.batch(this.#caller, groups) }));
  }

  #open(pipeline: string, resource: Resource, scope: Scope): Item[] {
    let parcel = this.#parcels.get(pipeline);
    if (parcel === undefined) {
      parcel = { groups: [], resource: undefined, inners: [], scope: undefined, items: [] };
      this.#parcels.set(pipeline, parcel);
    }
    if (parcel.resource !== resource) {
      parcel.resource = resource;
      parcel.scope = undefined;
      parcel.inners = [];
      parcel.groups.push(this.#signal.group(this.#own<Resource>(resource, WireResource.copyOf), parcel.inners));
    }
    if (parcel.scope !== scope) {
      parcel.scope = scope;
      parcel.items = [];
      parcel.inners.push(this.#signal.inner(this.#own<Scope>(scope, WireScope.copyOf), parcel.items));
    }
    return parcel.items;
  }

  #own<Shared extends Resource | Scope>(shared: Shared, copy: (original: Shared) => Shared): Shared {
    if (this.#given.has(shared)) return copy(shared);
    this.#given.add(shared);
    return shared;
  }
}
