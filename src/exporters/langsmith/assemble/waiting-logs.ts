import type { Skeleton } from '../../../model/draft.ts';
import { LateMap } from '../../../model/late-map.ts';
import { isMadeFrom } from './run-ids.ts';
import type { Arrival, Node } from './trace.ts';

/** Nearly every run's: one for all of them. */
export const noLogs: readonly never[] = [];

const noAliases: readonly string[] = [];

/** A log record's own id begins with what it calls its span. */
export function idOfLog(spanName: string, name: string): string {
  return `${spanName}.${name}`;
}

/** What a log record calls its span: one of the span's other names, else its id. */
export function spanNameOf({ names, parentSpanId }: Skeleton): string {
  return names[0] ?? parentSpanId;
}

/** Log records of one trace that wait, by what they call their span. Those that call it by name have somebody else to go to if nobody has that name. */
export class WaitingLogs<A extends Arrival> {
  readonly #bySpan = new LateMap<string, Map<string, A>>();
  /** Those with a name, by the id of the span that takes them otherwise; '' = the root. */
  readonly #byFallback = new LateMap<string, Set<A>>();
  #count = 0;

  get count(): number {
    return this.#count;
  }

  /** By its own id. */
  get(id: string): A | undefined {
    return this.#bySpan.get(id.slice(0, Math.max(0, id.lastIndexOf('.'))))?.get(id);
  }

  add(log: A): void {
    const { skeleton } = log;
    const name = spanNameOf(skeleton);
    let logs = this.#bySpan.get(name);
    if (!logs) this.#bySpan.set(name, (logs = new Map()));
    if (!logs.has(skeleton.spanId)) this.#count += 1;
    logs.set(skeleton.spanId, log);
    if (skeleton.names.length === 0) return;
    const others = this.#byFallback.get(skeleton.parentSpanId);
    if (others) others.add(log);
    else this.#byFallback.set(skeleton.parentSpanId, new Set([log]));
  }

  delete({ skeleton }: A): void {
    const name = spanNameOf(skeleton);
    const logs = this.#bySpan.get(name);
    const log = logs?.get(skeleton.spanId);
    if (!logs || !log) return;
    logs.delete(skeleton.spanId);
    this.#count -= 1;
    if (logs.size === 0) this.#bySpan.delete(name);
    this.#forgetFallback(log);
  }

  /** How many call their span so. */
  of(spanName: string): number {
    return this.#bySpan.get(spanName)?.size ?? 0;
  }

  /** Takes out those of this run. */
  take(node: Node): readonly A[] {
    if (this.#count === 0) return noLogs;
    const taken: A[] = [];
    for (const name of [node.spanId, ...aliasesOf(node), ...node.names]) {
      const logs = this.#bySpan.get(name);
      if (!logs) continue;
      this.#bySpan.delete(name);
      taken.push(...logs.values());
    }
    for (const log of taken) this.#forgetFallback(log);
    this.#count -= taken.length;
    return taken;
  }

  /** Those that go to this span if nobody has the name that they say; `spanId` '' = the root. */
  fallingBackTo(spanId: string): readonly A[] {
    const logs = this.#count === 0 ? undefined : this.#byFallback.get(spanId);
    return logs ? [...logs] : noLogs;
  }

  #forgetFallback(log: A): void {
    const { parentSpanId, names } = log.skeleton;
    const others = names.length === 0 ? undefined : this.#byFallback.get(parentSpanId);
    if (others?.delete(log) && others.size === 0) this.#byFallback.delete(parentSpanId);
  }
}

/** Other ids of a run whose id is not made from its span's: its own, and the span id that SDKs derive from it (mapping §15.2, joins a and b). */
export function aliasesOf({ runId, spanId }: Node): readonly string[] {
  return isMadeFrom(spanId, runId) ? noAliases : [runId, runId.slice(0, 8) + runId.slice(9, 13) + runId.slice(14, 18)];
}
