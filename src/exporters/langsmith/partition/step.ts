import type { Change, EntryId, Space } from '../../../journal/journal.ts';
import type { Bytes } from '../../../model/bytes.ts';

interface Write {
  readonly space: Space;
  readonly key: string;
  /** `undefined` = deleted. */
  readonly value: Bytes | undefined;
}

/** One step of a partition while it is prepared: what will be committed, and what is true once it is. The last word on a key counts. */
export class Step {
  readonly #acknowledge: EntryId[] = [];
  readonly #writes = new Map<string, Write>();
  readonly #afterwards: (() => void)[] = [];

  get empty(): boolean {
    return this.#acknowledge.length === 0 && this.#writes.size === 0;
  }

  /** Whether it does more than to acknowledge: that alone is in no hurry. */
  get urgent(): boolean {
    return this.#writes.size > 0;
  }

  acknowledge(entry: EntryId): void {
    this.#acknowledge.push(entry);
  }

  put(space: Space, key: string, value: Bytes): void {
    this.#writes.set(`${space} ${key}`, { space, key, value });
  }

  delete(space: Space, key: string): void {
    this.#writes.set(`${space} ${key}`, { space, key, value: undefined });
  }

  /** Called after the commit resolved, in order. */
  afterwards(action: () => void): void {
    this.#afterwards.push(action);
  }

  change(): Change {
    const put: { space: Space; key: string; value: Bytes }[] = [];
    const deletions: { space: Space; key: string }[] = [];
    for (const { space, key, value } of this.#writes.values()) {
      if (value) put.push({ space, key, value });
      else deletions.push({ space, key });
    }
    return { acknowledge: this.#acknowledge, put, delete: deletions };
  }

  committed(): void {
    for (const action of this.#afterwards) action();
  }
}
