/** Random histories of several replicas over one journal, against a model of a few lines: what a journal is, without any of how. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { FileStorage } from '../../src/journal/file/storage.ts';
import type { Entry, Journal, Partition, Space, Storage } from '../../src/journal/journal.ts';
import { MemoryStorage } from '../../src/journal/memory/memory-storage.ts';
import { RedisStorage } from '../../src/journal/redis/storage.ts';
import { asBytes } from '../../src/model/bytes.ts';
import type { Clock } from '../../src/model/clock.ts';
import type { Durability } from '../../src/model/receipt.ts';
import { eventually, Owned, PausableClock } from '../contract/journal-owner.ts';
import { RedisServer } from './redis-server.ts';

const partitions = 2;
/** Long enough for a replica that gets no processor for a while: one that is late loses its partitions, as it should. */
const leaseMs = 300;
const last = '\u{10ffff}';

interface Model {
  readonly inboxes: readonly string[][];
  readonly maps: readonly Map<string, string>[];
  crashed: number;
}

interface Replica {
  readonly journal: Journal;
  readonly owned: Owned;
  readonly clock: PausableClock;
}

/** The replica that works, and those that were stopped before it and may wake up. */
class Real {
  readonly #open: (leaseClock: Clock) => Promise<Journal>;
  readonly stopped: Replica[] = [];
  #current: Replica | undefined;

  constructor(storage: (leaseClock: Clock) => Storage, durability: Durability) {
    this.#open = (leaseClock) => storage(leaseClock).open('model', { durability, bytesMax: 2 ** 20, partitions });
  }

  async current(): Promise<Replica> {
    if (this.#current) return this.#current;
    const clock = new PausableClock();
    const journal = await this.#open(clock);
    const owned = new Owned();
    await journal.own(owned);
    this.#current = { journal, owned, clock };
    await eventually(() => owned.partitions.size === partitions);
    return this.#current;
  }

  async stop(): Promise<void> {
    if (!this.#current) return;
    this.#current.clock.pause();
    this.stopped.push(this.#current);
    this.#current = undefined;
  }

  async restart(): Promise<void> {
    await this.#current?.journal.close();
    this.#current = undefined;
  }

  async close(): Promise<void> {
    for (const replica of this.stopped) {
      replica.clock.resume();
      await replica.journal.close();
    }
    await this.#current?.journal.close();
  }
}

type Command = fc.AsyncCommand<Model, Real, true>;

const contentsOf = (entries: readonly Entry[]): (string | undefined)[] => entries.map(({ payload }) => payload?.toString());
const value = (text: string) => asBytes(Buffer.from(text));
const space: Space = 'park';

class Append implements Command {
  readonly texts: readonly (readonly [partition: number, text: string])[];

  constructor(texts: readonly (readonly [number, string])[]) {
    this.texts = texts;
  }

  check = async (): Promise<boolean> => true;

  async run(model: Model, real: Real): Promise<void> {
    const { journal } = await real.current();
    await journal.append(this.texts.map(([partition, text]) => ({ partition, payload: value(text), items: 1 })));
    for (const [partition, text] of this.texts) model.inboxes[partition]?.push(text);
  }

  toString = (): string => `append(${JSON.stringify(this.texts)})`;
}

/** Moves the first entries of the inbox into the map, or leaves them if the key is taken away instead: one step, as the owner does it. */
class Settle implements Command {
  readonly partition: number;
  readonly count: number;
  readonly remove: string;

  constructor(partition: number, count: number, remove: string) {
    this.partition = partition;
    this.count = count;
    this.remove = remove;
  }

  check = async (): Promise<boolean> => true;

  async run(model: Model, real: Real): Promise<void> {
    const partition = (await real.current()).owned.partition(this.partition);
    const entries = (await partition.read(undefined, 2 ** 20)).slice(0, this.count);
    await partition.commit({
      acknowledge: entries.map(({ id }) => id),
      put: entries.map(({ payload }) => ({ space, key: `${payload}`, value: value(`value of ${payload}`) })),
      delete: [{ space, key: this.remove }],
    });
    const map = model.maps[this.partition] as Map<string, string>;
    map.delete(this.remove);
    for (const text of model.inboxes[this.partition]?.splice(0, this.count) ?? []) map.set(text, `value of ${text}`);
  }

  toString = (): string => `settle(${this.partition}, ${this.count}, ${JSON.stringify(this.remove)})`;
}

class Look implements Command {
  check = async (): Promise<boolean> => true;

  async run(model: Model, real: Real): Promise<void> {
    const { owned, journal } = await real.current();
    for (let id = 0; id < partitions; id++) await this.#look(owned.partition(id), model);
    await eventually(() => journal.stats().inboxItems === model.inboxes.flat().length);
  }

  async #look(partition: Partition, model: Model): Promise<void> {
    const inbox = model.inboxes[partition.id] ?? [];
    const entries = await partition.read(undefined, 2 ** 20);
    expect(contentsOf(entries)).toEqual(inbox);
    const middle = entries[Math.floor(entries.length / 2)];
    if (middle) expect(contentsOf(await partition.read(middle.id, 2 ** 20))).toEqual(inbox.slice(Math.floor(inbox.length / 2) + 1));
    const pairs = await partition.scan(space, '', last, 1_000);
    const wanted = [...(model.maps[partition.id] ?? [])].sort(([one], [other]) => Buffer.compare(Buffer.from(one), Buffer.from(other)));
    expect(pairs.map(({ key, value }) => [key, value.toString()])).toEqual(wanted);
  }

  toString = (): string => 'look';
}

/** The replica stops without a word; the next one takes over when the lease is over. */
class Stop implements Command {
  check = async (model: Model): Promise<boolean> => model.crashed < 3;

  async run(model: Model, real: Real): Promise<void> {
    await real.stop();
    model.crashed++;
  }

  toString = (): string => 'stop';
}

class Restart implements Command {
  check = async (): Promise<boolean> => true;

  async run(_model: Model, real: Real): Promise<void> {
    await real.restart();
  }

  toString = (): string => 'restart';
}

/** A stopped replica does what it had in mind: nothing of it may happen. */
class Wake implements Command {
  check = async (model: Model): Promise<boolean> => model.crashed > 0;

  async run(_model: Model, real: Real): Promise<void> {
    await real.current();
    for (const { owned } of real.stopped) {
      for (const partition of [...owned.partitions.values()]) {
        const harm = partition.commit({ put: [{ space, key: 'harm', value: value('harm') }] });
        await expect(harm).rejects.toMatchObject({ code: 'GW_JOURNAL_FENCED' });
      }
    }
  }

  toString = (): string => 'wake';
}

const partitionNumber = fc.nat({ max: partitions - 1 });
const textValue = fc.oneof(fc.string({ maxLength: 20 }), fc.string({ unit: 'grapheme', maxLength: 5 }), fc.constant('__proto__'));
const commands = fc.commands<Model, Real, true>(
  [
    fc.array(fc.tuple(partitionNumber, textValue), { minLength: 1, maxLength: 4 }).map((texts): Command => new Append(texts)),
    fc
      .tuple(partitionNumber, fc.nat({ max: 3 }), textValue)
      .map(([partition, count, remove]): Command => new Settle(partition, count, remove)),
    ...[new Look(), new Stop(), new Restart(), new Wake()].map((command) => fc.constant<Command>(command)),
  ],
  { size: '+1' },
);

async function holds(storage: (leaseClock: Clock) => Storage, durability: Durability, history: Iterable<Command>): Promise<void> {
  const real = new Real(storage, durability);
  const model: Model = { inboxes: [[], []], maps: [new Map(), new Map()], crashed: 0 };
  try {
    await fc.asyncModelRun(() => ({ model, real }), history);
  } finally {
    await real.close();
  }
}

describe('any history of replicas', () => {
  test('leaves the memory journal as the model says', { timeout: 180_000 }, async () => {
    const property = fc.asyncProperty(commands, async (history) => {
      const shared = new MemoryStorage();
      await holds((leaseClock) => shared.replica({ leaseClock, leaseMs }), 'memory', history);
    });
    await fc.assert(property, { numRuns: 25 });
  });

  test('leaves the file journal as the model says', { timeout: 180_000 }, async () => {
    const property = fc.asyncProperty(commands, async (history) => {
      const directory = await mkdtemp(join(tmpdir(), 'spanway-model-'));
      try {
        await holds((leaseClock) => new FileStorage({ directory, leaseClock, leaseMs }), 'disk', history);
      } finally {
        await rm(directory, { recursive: true });
      }
    });
    await fc.assert(property, { numRuns: 12 });
  });

  test('leaves the Redis journal as the model says', { timeout: 180_000 }, async () => {
    const server = await RedisServer.start();
    const address = { endpoints: [server.address] };
    let histories = 0;
    const property = fc.asyncProperty(commands, async (history) => {
      const prefix = `model-${histories++}`;
      await holds((leaseClock) => new RedisStorage({ address, prefix, leaseClock, leaseMs }), 'redis_fsync', history);
    });
    try {
      await fc.assert(property, { numRuns: 12 });
    } finally {
      await server.stop();
    }
  });
});
