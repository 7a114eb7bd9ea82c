/** Who goes into which transaction. Time stands still, so nothing happens only because it passes; transactions are told apart by their ids. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import { Environment, type Store } from '../../src/journal/file/environment.ts';
import { FileStorage, sizeMaxDefault } from '../../src/journal/file/storage.ts';
import type { Partition } from '../../src/journal/journal.ts';
import { bytes } from '../../src/model/bytes.ts';
import { Owned } from '../contract/journal-owner.ts';

const small = 100;
const megabytes = 2 ** 21;
/** Longer than any step waits for company, and longer than company is expected after it came last. */
const longMs = 60_000;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
});

afterEach(() => {
  vi.useRealTimers();
});

async function newDirectory(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'spanway-transactions-'));
  onTestFinished(() => rm(directory, { recursive: true }));
  return directory;
}

class Steps {
  readonly #environment: Environment;
  readonly #store: Store;
  readonly ran: string[] = [];

  constructor(environment: Environment) {
    this.#environment = environment;
    this.#store = environment.store('steps');
  }

  static async begin(): Promise<Steps> {
    const options = { createDirectory: true, directoryPermissions: 0o750, fsync: true, lockWaitMs: 5_000, sizeMax: sizeMaxDefault };
    const environment = await Environment.open({ ...options, directory: await newDirectory() });
    onTestFinished(() => environment.close());
    return new Steps(environment);
  }

  /** Each resolves with the id of its transaction. */
  run(name: string, size = small): Promise<number> {
    return this.#environment.transactions.run(size, () => this.#step(name));
  }

  join(name: string, size = small): Promise<number> {
    return this.#environment.transactions.join(size, () => this.#step(name));
  }

  idle(): Promise<void> {
    return this.#environment.transactions.idle();
  }

  #step(name: string): number {
    this.ran.push(name);
    this.#store.putSync(Buffer.from(name), Buffer.from(name));
    return this.#store.getWriteTxnId();
  }
}

/** As long as a transaction takes from its beginning to its end. */
async function aTransaction(): Promise<void> {
  const other = await Steps.begin();
  await other.run('other');
}

test('a step that can wait goes into the transaction of the next one that cannot, in the order of their coming', async () => {
  const steps = await Steps.begin();
  const first = await steps.run('first');
  const patient = [steps.join('second'), steps.join('third')];
  await aTransaction();
  expect(steps.ran).toEqual(['first']);
  const hurried = await steps.run('fourth');
  expect(await Promise.all(patient)).toEqual([hurried, hurried]);
  expect(hurried).toBeGreaterThan(first);
  expect(steps.ran).toEqual(['first', 'second', 'third', 'fourth']);
});

test('a step that waited in vain goes by itself', async () => {
  const steps = await Steps.begin();
  await steps.run('first');
  const patient = steps.join('second');
  vi.advanceTimersByTime(20);
  await patient;
  expect(steps.ran).toEqual(['first', 'second']);
});

test('a step waits for nobody where nobody is to be expected', async () => {
  const steps = await Steps.begin();
  await steps.join('before all others');
  await steps.run('a client');
  vi.advanceTimersByTime(longMs);
  await steps.join('long after');
  expect(steps.ran).toEqual(['before all others', 'a client', 'long after']);
});

test('much does not wait, and takes along what does', async () => {
  const steps = await Steps.begin();
  await steps.run('first');
  const patient = steps.join('second');
  const large = await steps.join('third', megabytes);
  expect(await patient).toBe(large);
});

test('what comes until a transaction begins is in it', async () => {
  const steps = await Steps.begin();
  const asked = steps.join('first');
  await Promise.resolve();
  expect(await Promise.all([steps.join('second'), steps.run('third')])).toEqual([await asked, await asked]);
});

test('who ends does not wait for company', async () => {
  const steps = await Steps.begin();
  await steps.run('first');
  const patient = steps.join('second');
  await steps.idle();
  await patient;
});

test('the last commits of a partition that is given back wait for nobody', async () => {
  const directory = await newDirectory();
  const journal = await new FileStorage({ directory }).open('own', { durability: 'disk', bytesMax: 2 ** 30, partitions: 2 });
  const committed: number[] = [];
  class Finishing extends Owned {
    override async released(partition: Partition): Promise<void> {
      await partition.commit({ put: [{ space: 'meta', key: 'last', value: bytes.from('words') }] });
      committed.push(partition.id);
    }
  }
  await journal.own(new Finishing());
  await journal.append([{ partition: 0, payload: bytes.from('a client waits for it'), items: 1 }]);
  await journal.close();
  expect(committed.sort()).toEqual([0, 1]);
});
