/** What each partition holds, as of its last answer that said so: appends, commits and polls all do. */
export interface PartitionUsage {
  /** Bytes of entries ever appended. */
  readonly appended: number;
  /** Bytes that are gone, less what the map holds. */
  readonly gone: number;
  readonly items: number;
}

const nothing: PartitionUsage = { appended: 0, gone: 0, items: 0 };

export class UsageTable {
  readonly #partitions: PartitionUsage[];
  readonly #versions: number[];
  /** Told of partitions that have new entries. */
  readonly #grown: (partition: number) => void;
  #bytes = 0;
  #items = 0;

  constructor(partitions: number, grown: (partition: number) => void) {
    this.#partitions = new Array<PartitionUsage>(partitions).fill(nothing);
    this.#versions = new Array<number>(partitions).fill(0);
    this.#grown = grown;
  }

  /** Counts that a server's restart put out of step never show below zero. */
  get bytes(): number {
    return Math.max(0, this.#bytes);
  }

  get items(): number {
    return Math.max(0, this.#items);
  }

  appended(partition: number): number {
    return this.#partitions[partition]?.appended ?? 0;
  }

  /** Changes with each answer that is taken: who asked before knows whether its own answer is old news. */
  version(partition: number): number {
    return this.#versions[partition] ?? 0;
  }

  /** `answer`: in, out and items as a server gives them. Those of two connections may come in the wrong order; the older one is left out. */
  take(partition: number, answer: unknown): void {
    const usage = usageOf(answer);
    if (usage.appended >= this.appended(partition)) this.#set(partition, usage);
  }

  /** As `take`, also if the partition has less than before. */
  reset(partition: number, answer: unknown): void {
    this.#set(partition, usageOf(answer));
  }

  #set(partition: number, usage: PartitionUsage): void {
    const former = this.#partitions[partition] ?? nothing;
    this.#partitions[partition] = usage;
    this.#versions[partition] = this.version(partition) + 1;
    this.#bytes += usage.appended - usage.gone - (former.appended - former.gone);
    this.#items += usage.items - former.items;
    if (usage.appended > former.appended) this.#grown(partition);
  }
}

export function usageOf(answer: unknown): PartitionUsage {
  const [appended, gone, items] = answer as readonly unknown[];
  return { appended: Number(appended ?? 0), gone: Number(gone ?? 0), items: Number(items ?? 0) };
}
