/**
 * What a replica keeps an eye on while a journal is open: every second what all partitions hold and how the servers are, and in between, sooner
 * the more there is to do, whether the partitions that it owns have something new.
 */
import { Fault } from '../../model/fault.ts';
import type { Durability } from '../../model/receipt.ts';
import { systemClock } from '../system-clock.ts';
import type { JournalKeys } from './layout.ts';
import { shortfallOf } from './level.ts';
import type { Assurance, Link, Request } from './link.ts';
import { factsOf, type NodeFacts, type Persistence } from './node-facts.ts';
import { unavailable } from './unavailable.ts';
import type { UsageTable } from './usage-table.ts';

export interface WatchOptions {
  readonly name: string;
  readonly link: Link;
  readonly keys: JournalKeys;
  readonly usage: UsageTable;
  readonly partitions: number;
  readonly durability: Durability;
  readonly assurance: Assurance;
  readonly persistence: Persistence;
  /** Share of a server's memory over which appends are refused, 0 … 1. */
  readonly memoryShareMax: number;
  owned(): Iterable<number>;
  /** Told that the servers cannot be used as promised, and with `undefined` that they can again. */
  report(error: unknown): void;
  /** Told of acknowledged bytes that a server does not have any more. */
  missing(bytes: number, partitions: number): void;
}

const allEveryMs = 1_000;
const lookMsMin = 5;
const lookMsMax = 100;

export class Watch {
  readonly #options: WatchOptions;
  readonly #stopping = new AbortController();
  #running: Promise<unknown> = Promise.resolve();
  #refusal: Fault | undefined;

  constructor(options: WatchOptions) {
    this.#options = options;
  }

  /** Why nothing may be appended now, if so. */
  get refusal(): Fault | undefined {
    return this.#refusal;
  }

  /** Once, before anything else: rejects if it cannot be done. */
  async begin(): Promise<void> {
    await this.#lookAt(this.#all());
    this.#running = Promise.all([this.#watchAll(), this.#watchOwned()]);
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#running;
  }

  #all(): readonly number[] {
    return Array.from({ length: this.#options.partitions }, (_, id) => id);
  }

  async #watchAll(): Promise<void> {
    const { link, persistence, report } = this.#options;
    let failing = false;
    while (await this.#wait(allEveryMs)) {
      try {
        await this.#lookAt(this.#all());
        const nodes = await Promise.all(link.nodes().map((node) => factsOf(node, persistence)));
        this.#refusal = this.#judge(nodes);
        if (this.#refusal) throw this.#refusal;
        if (failing) report(undefined);
        failing = false;
      } catch (error) {
        failing = true;
        report(unavailable('watch', error));
      }
    }
  }

  async #watchOwned(): Promise<void> {
    const { usage, owned } = this.#options;
    for (let waitMs = lookMsMin; await this.#wait(waitMs); ) {
      const partitions = [...owned()];
      const before = partitions.map((id) => usage.appended(id));
      // `watchAll` tells of trouble; here the next look is soon.
      await this.#lookAt(partitions).catch(() => {});
      const grown = partitions.some((id, at) => usage.appended(id) > (before[at] as number));
      waitMs = grown ? lookMsMin : Math.min(waitMs * 2, lookMsMax);
    }
  }

  async #wait(ms: number): Promise<boolean> {
    await systemClock.sleep(ms, this.#stopping.signal);
    return !this.#stopping.signal.aborted;
  }

  async #lookAt(partitions: readonly number[]): Promise<void> {
    const { link, keys, usage, missing } = this.#options;
    const before = partitions.map((id) => ({ version: usage.version(id), appended: usage.appended(id) }));
    const answers = await link.send(partitions.map((id) => usageRequest(keys, id)));
    let lostBytes = 0;
    let lostPartitions = 0;
    for (const [at, id] of partitions.entries()) {
      const answer = answers[at];
      const { version, appended } = before[at] as { version: number; appended: number };
      if (answer instanceof Error || usage.version(id) !== version) continue;
      usage.reset(id, answer);
      // What was known before the question was asked is acknowledged: a server that has less has lost it.
      const fewer = appended - usage.appended(id);
      if (fewer <= 0) continue;
      lostBytes += fewer;
      lostPartitions++;
    }
    if (lostPartitions > 0) missing(lostBytes, lostPartitions);
    const failure = answers.find((answer) => answer instanceof Error);
    if (failure) throw failure;
  }

  #judge(nodes: readonly NodeFacts[]): Fault | undefined {
    const { name, durability, assurance, memoryShareMax } = this.#options;
    for (const facts of nodes) {
      const shortfall = shortfallOf(facts, durability, assurance);
      if (shortfall)
        return new Fault(
          'GW_JOURNAL_UNAVAILABLE',
          `cannot append to journal "${name}" with durability "${durability}": ${shortfall.reason}`,
          {
            hint: shortfall.hint,
            retryAfterMs: 5_000,
          },
        );
    }
    const short = nodes.find(({ usedBytes, limitBytes }) => limitBytes > 0 && usedBytes > limitBytes * memoryShareMax);
    if (!short) return undefined;
    return new Fault(
      'GW_JOURNAL_FULL',
      `cannot append to journal "${name}": ${short.name} uses ${short.usedBytes} of ${short.limitBytes} bytes of memory`,
      { hint: 'deliver what waits, give Redis more memory, or raise redis_storage::max_memory_percentage', retryAfterMs: 2_000 },
    );
  }
}

function usageRequest(keys: JournalKeys, id: number): Request {
  const { slot, usage } = keys.partition(id);
  return { slot, add: (pipeline) => void pipeline.hmget(usage, 'in', 'out', 'items') };
}
