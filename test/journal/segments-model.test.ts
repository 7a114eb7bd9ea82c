/** Random histories of one process with crashes, on real files: whatever was acknowledged by the moment of a crash is there afterwards. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { headLength } from '../../src/journal/file/segments/entry-head.ts';
import { FileStorage } from '../../src/journal/file/storage.ts';
import type { Entry, Journal } from '../../src/journal/journal.ts';
import { systemClock } from '../../src/journal/system-clock.ts';
import { asBytes } from '../../src/model/bytes.ts';
import type { Clock } from '../../src/model/clock.ts';
import { eventually, Owned } from '../contract/journal-owner.ts';
import { crashImage } from './crash-image.ts';

const partitions = 2;

interface Append {
  readonly entries: readonly { readonly partition: number; readonly bytes: number }[];
}

type Command =
  | { readonly do: 'append'; readonly appends: readonly Append[]; readonly waits: boolean }
  | { readonly do: 'acknowledge'; readonly partition: number; readonly count: number }
  | { readonly do: 'look' | 'reopen' }
  | { readonly do: 'crash'; readonly goesOn: boolean };

/** An entry: its number tells its bytes. */
interface Sent {
  readonly number: number;
  readonly partition: number;
  readonly bytes: number;
}

/** Its number, and then the same byte over and over, which the number gives. */
function payloadOf({ number, bytes }: Sent): Buffer {
  const payload = Buffer.alloc(4 + bytes, number);
  payload.writeUInt32LE(number);
  return payload;
}

/** What must be there and what may be, by the moment of a crash. */
interface Moment {
  readonly held: readonly (readonly number[])[];
  readonly underWay: ReadonlySet<number>;
}

class History {
  readonly #parent: string;
  #directory: string;
  #images = 0;
  #clock: Clock = systemClock;
  #storage: FileStorage;
  #journal: Journal | undefined;
  #owned = new Owned();
  /** Entries of each partition that are held and not acknowledged by the owner, in order. */
  #held: number[][] = Array.from({ length: partitions }, () => []);
  readonly #sent: Sent[] = [];
  #underWay: Promise<void>[] = [];
  readonly #unanswered = new Set<number>();

  constructor(parent: string) {
    this.#parent = parent;
    this.#directory = join(parent, 'journal');
    this.#storage = new FileStorage({ directory: this.#directory });
  }

  async open(): Promise<void> {
    this.#storage = new FileStorage({ directory: this.#directory, leaseClock: this.#clock });
    this.#journal = await this.#storage.open('model', { durability: 'disk', bytesMax: 2 ** 30, partitions });
    this.#owned = new Owned();
    await this.#journal.own(this.#owned);
    await eventually(() => this.#owned.partitions.size === partitions);
  }

  async run(command: Command): Promise<void> {
    switch (command.do) {
      case 'append':
        for (const append of command.appends) this.#append(append);
        if (command.waits) await this.#answers();
        return;
      case 'acknowledge':
        return this.#acknowledge(command.partition, command.count);
      case 'look':
        await this.#answers();
        return this.#look();
      case 'reopen':
        await this.close();
        await this.open();
        return this.#look();
      case 'crash':
        return this.#crash(command.goesOn);
    }
  }

  async close(): Promise<void> {
    await this.#answers();
    await this.#journal?.close();
    this.#journal = undefined;
  }

  #append({ entries }: Append): void {
    const sent = entries.map(({ partition, bytes }) => {
      const one = { number: this.#sent.length, partition, bytes };
      this.#sent.push(one);
      this.#unanswered.add(one.number);
      return one;
    });
    const held = this.#held;
    const answered = (this.#journal as Journal)
      .append(sent.map((one) => ({ partition: one.partition, payload: asBytes(payloadOf(one)), items: 1 })))
      .then(() => {
        for (const { number, partition } of sent) {
          held[partition]?.push(number);
          this.#unanswered.delete(number);
        }
      });
    answered.catch(() => {});
    this.#underWay.push(answered);
  }

  async #answers(): Promise<void> {
    await Promise.all(this.#underWay.splice(0));
  }

  /** The first entries of what can be read, which may be some that are not answered yet. */
  async #acknowledge(id: number, count: number): Promise<void> {
    await this.#answers();
    const partition = this.#owned.partition(id);
    const entries = (await partition.read(undefined, 2 ** 30)).slice(0, count);
    await partition.commit({ acknowledge: entries.map((entry) => entry.id) });
    this.#held[id]?.splice(0, entries.length);
  }

  async #look(): Promise<void> {
    const found = await this.#read();
    expect(found).toEqual(this.#held);
    let bytes = 0;
    for (const number of found.flat()) bytes += headLength + 4 + (this.#sent[number] as Sent).bytes;
    await eventually(() => this.#journal?.stats().bytes === bytes);
    expect(this.#journal?.stats()).toMatchObject({ inboxItems: found.flat().length, damaged: 0 });
  }

  /** The numbers of the entries of each partition. Each has the payload that it should have. */
  async #read(): Promise<number[][]> {
    const found: number[][] = [];
    for (let id = 0; id < partitions; id++) {
      const entries = await this.#owned.partition(id).read(undefined, 2 ** 30);
      found.push(entries.map((entry) => this.#numberOf(entry, id)));
    }
    return found;
  }

  #numberOf({ payload, items }: Entry, partition: number): number {
    const number = (payload as unknown as Buffer).readUInt32LE();
    const sent = this.#sent[number] as Sent;
    expect(payload?.equals(asBytes(payloadOf(sent)))).toBe(true);
    expect([partition, items]).toEqual([sent.partition, 1]);
    return number;
  }

  /** Goes on with the copy, or looks into it and goes on with what there is. */
  async #crash(goesOn: boolean): Promise<void> {
    const image = join(this.#parent, `image-${this.#images++}`);
    const moment = await crashImage(this.#storage, this.#directory, image, () => ({
      held: this.#held.map((numbers) => [...numbers]),
      underWay: new Set(this.#unanswered),
    }));
    if (!goesOn) return this.#lookInto(image, moment);
    await this.close();
    await rm(this.#directory, { recursive: true });
    this.#directory = image;
    // The leases in the copy are of a member that seems to live.
    const laterMs = this.#clock.now() - Date.now() + 3_600_000;
    this.#clock = { now: () => Date.now() + laterMs, sleep: systemClock.sleep };
    await this.open();
    this.#held = await this.#survived(moment);
  }

  async #lookInto(image: string, moment: Moment): Promise<void> {
    const other = new History(this.#parent);
    other.#directory = image;
    const laterMs = this.#clock.now() - Date.now() + 3_600_000;
    other.#clock = { now: () => Date.now() + laterMs, sleep: systemClock.sleep };
    other.#sent.push(...this.#sent);
    await other.open();
    try {
      await other.#survived(moment);
    } finally {
      await other.close();
    }
    await rm(image, { recursive: true });
  }

  /** What was held is there, once and in order; behind it there may be what was under way. */
  async #survived({ held, underWay }: Moment): Promise<number[][]> {
    const found = await this.#read();
    found.forEach((numbers, id) => {
      const promised = held[id] ?? [];
      expect(numbers.slice(0, promised.length)).toEqual(promised);
      const rest = numbers.slice(promised.length);
      expect(rest.filter((number) => !underWay.has(number))).toEqual([]);
      expect(rest).toEqual([...new Set(rest)].sort((one, other) => one - other));
    });
    return found;
  }
}

const bytes = fc.oneof(
  { weight: 6, arbitrary: fc.nat({ max: 200 }) },
  { weight: 3, arbitrary: fc.nat({ max: 300_000 }) },
  { weight: 1, arbitrary: fc.integer({ min: 2 ** 20, max: 6 * 2 ** 20 }) },
);
const entry = fc.record({ partition: fc.nat({ max: partitions - 1 }), bytes });
const append = fc.record({ entries: fc.array(entry, { minLength: 1, maxLength: 4 }) });
const command: fc.Arbitrary<Command> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ do: fc.constant('append' as const), appends: fc.array(append, { maxLength: 6 }), waits: fc.boolean() }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('acknowledge' as const),
      partition: fc.nat({ max: partitions - 1 }),
      count: fc.nat({ max: 30 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('look' as const, 'reopen' as const) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('crash' as const), goesOn: fc.boolean() }) },
);

test('after any history, and a crash at any moment of it, everything that was acknowledged is there, once and in order', {
  timeout: 180_000,
}, async () => {
  const property = fc.asyncProperty(fc.array(command, { maxLength: 40, size: 'max' }), async (commands) => {
    const parent = await mkdtemp(join(tmpdir(), 'spanway-segments-model-'));
    const history = new History(parent);
    try {
      await history.open();
      for (const one of commands) await history.run(one);
      await history.run({ do: 'look' });
      await history.run({ do: 'crash', goesOn: true });
      await history.run({ do: 'look' });
    } finally {
      await history.close();
      await rm(parent, { recursive: true });
    }
  });
  await fc.assert(property, { numRuns: 30 });
});
