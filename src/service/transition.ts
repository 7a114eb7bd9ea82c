/**
 * From one running graph to the next. Parts that both hold are not touched. The order keeps every span somewhere at every moment:
 *
 *   1  the next extensions and exporters start beside the former ones: a journal may have several owners, they share its partitions
 *   2  receivers that changed stop accepting, and those of the next graph bind; a port that both have is handed over open
 *   3  the junctions of kept receivers switch, all in one turn of the event loop                  ── the next graph runs from here on ──
 *   4  what is under way on the former routes ends; then the former exporters give their partitions over and stop, and the former extensions
 *
 * Whatever fails in 1 or 2 is undone in reverse order, so that the former graph runs as before. A start is the way from the empty graph.
 */
import type { Clock } from '../model/clock.ts';
import { Fault } from '../model/fault.ts';
import type { Observer } from '../model/observer.ts';
import type { ListeningReceiver } from './factories.ts';
import type { Graph } from './graph.ts';
import type { Part } from './part.ts';

/** How long requests under way, and exporters whose journal nobody takes over, get to finish. */
const drainMs = 10_000;
/** An exporter whose journal is taken over leaves there what it has not sent. */
const handoverMs = 2_000;
/** What was started before something failed gets this long to stop. */
const undoMs = 2_000;

type ReceiverPart = Part<ListeningReceiver>;

export class Transition {
  readonly #former: Graph;
  readonly #next: Graph;
  readonly #clock: Clock;
  readonly #observer: Observer;
  readonly #undo: (() => Promise<void>)[] = [];
  readonly #receiversStop: Promise<void>[] = [];

  constructor(former: Graph, next: Graph, clock: Clock, observer: Observer) {
    this.#former = former;
    this.#next = next;
    this.#clock = clock;
    this.#observer = observer;
  }

  /** Steps 1 to 3. When it rejects, with the `Fault` that kept the next graph from running, the former one runs. */
  async begin(): Promise<void> {
    const { extensions, exporters } = this.#next;
    try {
      for (const part of onlyIn(this.#former.extensions, extensions)) if (isExclusive(part)) await this.#replace(part);
      for (const part of onlyIn(extensions, this.#former.extensions)) await this.#start(part);
      for (const part of onlyIn(exporters, this.#former.exporters)) await this.#start(part);
      const [former, next] = [receivers(this.#former), receivers(this.#next)];
      for (const part of onlyIn(former, next)) void this.#replaceReceiver(part, next.get(part.id));
      for (const part of onlyIn(next, former)) await (former.has(part.id) ? part.component.start() : this.#start(part));
    } catch (error) {
      for (const step of this.#undo.reverse()) await step();
      throw Fault.of(error);
    }
  }

  /** Step 4; `switched` resolves when the former routes are empty. Never rejects. */
  async finish(switched: Promise<unknown>): Promise<void> {
    for (const { part } of this.#next.inlets.values()) part.component.lookAtFiles?.();
    await within(drainMs, Promise.all([switched, ...this.#receiversStop]), this.#clock);
    for (const part of onlyIn(this.#former.exporters, this.#next.exporters).reverse()) {
      const graceMs = this.#isFollowed(part) ? handoverMs : drainMs;
      await stopPart(part, this.#clock.now() + graceMs, this.#observer);
    }
    for (const part of onlyIn(this.#former.extensions, this.#next.extensions).reverse())
      if (!isExclusive(part)) await stopPart(part, this.#clock.now() + handoverMs, this.#observer);
    this.#former.observer?.end();
  }

  /** Whether another exporter of that name takes over the journal: it lies in the same storage. */
  #isFollowed({ id, uses }: Part): boolean {
    return this.#next.exporters.has(id) && [...uses].every((one) => this.#next.extensions.get(one) === this.#former.extensions.get(one));
  }

  async #start(part: Part): Promise<void> {
    this.#undo.push(() => stopPart(part, this.#clock.now() + undoMs, this.#observer));
    await part.component.start();
  }

  /** Stops what holds a port that the next graph may want. It gives the port back before it first waits. */
  #replace(part: Part): Promise<void> {
    const stopped = stopPart(part, this.#clock.now() + drainMs, this.#observer);
    this.#receiversStop.push(stopped);
    this.#undo.push(async () => part.renew());
    // Behind all other steps back: by then nobody has its port any more.
    this.#undo.unshift(() => revive(part));
    return stopped;
  }

  #replaceReceiver(part: ReceiverPart, successor: ReceiverPart | undefined): Promise<void> {
    successor?.component.takeOver?.(part.component);
    const stopped = this.#replace(part);
    if (successor) this.#undo.splice(-1, 0, () => this.#takeBack(part, successor));
    return stopped;
  }

  async #takeBack(part: ReceiverPart, successor: ReceiverPart): Promise<void> {
    part.component.takeOver?.(successor.component);
    await stopPart(successor, this.#clock.now() + undoMs, this.#observer);
  }
}

async function revive(part: Part): Promise<void> {
  try {
    await part.component.start();
  } catch (error) {
    const reason = Fault.of(error).message;
    part.observer.degraded(part.id, 'A component that a failed reload had stopped does not start again.', { reason });
  }
}

/** Stops a component; never rejects. */
export async function stopPart(part: Part, deadlineMs: number, observer: Observer): Promise<void> {
  try {
    await part.stop(deadlineMs);
  } catch (error) {
    observer.log('error', 'a component did not stop cleanly', { component: part.id, reason: Fault.of(error).message });
  }
}

/** Waits for something that never rejects, but not longer than `ms`. */
export async function within(ms: number, something: Promise<unknown>, clock: Clock): Promise<void> {
  const over = new AbortController();
  await Promise.race([something, clock.sleep(Math.max(0, ms), over.signal)]);
  over.abort();
}

/** Storage, authenticators, limiters and setters of headers can run twice side by side; every other extension is a page on a port. */
function isExclusive({ component }: Part): boolean {
  return !('open' in component) && !('authenticate' in component) && !('headersOf' in component) && !('allowanceOf' in component);
}

/** The parts of one graph that the other does not have. */
function onlyIn<P extends Part>(one: ReadonlyMap<string, P>, other: ReadonlyMap<string, P>): P[] {
  return [...one].filter(([id, part]) => other.get(id) !== part).map(([, part]) => part);
}

function receivers({ inlets }: Graph): ReadonlyMap<string, ReceiverPart> {
  return new Map([...inlets].map(([id, { part }]) => [id, part]));
}
