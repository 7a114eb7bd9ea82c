/** What every journal must do, whatever keeps it. A store's test file calls `journalContract` with a maker of its replicas. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Change, Journal, JournalOptions, Storage } from '../../src/journal/journal.ts';
import { asBytes, type Bytes } from '../../src/model/bytes.ts';
import type { Clock } from '../../src/model/clock.ts';
import type { Durability } from '../../src/model/receipt.ts';
import { eventually, Owned, PausableClock } from './journal-owner.ts';

export interface JournalSubject {
  readonly durability: Durability;
  /** Another replica's storage over the same data. */
  replica(options: { readonly leaseMs: number; readonly leaseClock: Clock }): Storage;
  close(): Promise<void>;
}

export const text = (value: string): Bytes => asBytes(Buffer.from(value));

const leaseMs = 300;

export function journalContract(name: string, makeSubject: () => Promise<JournalSubject>): void {
  describe(`${name} journal`, () => {
    let subject: JournalSubject;
    let journals: Journal[];

    beforeEach(async () => {
      subject = await makeSubject();
      journals = [];
    });

    afterEach(async () => {
      for (const journal of journals) await journal.close();
      await subject.close();
    });

    async function open(
      options: Partial<JournalOptions> = {},
      leaseClock: Clock = new PausableClock(),
      id = 'langsmith/acme',
    ): Promise<Journal> {
      const storage = subject.replica({ leaseMs, leaseClock });
      const journal = await storage.open(id, { durability: subject.durability, bytesMax: 64 * 2 ** 20, partitions: 4, ...options });
      journals.push(journal);
      return journal;
    }

    async function openOwned(options: Partial<JournalOptions> = {}): Promise<{ journal: Journal; owned: Owned }> {
      const journal = await open(options);
      const owned = new Owned();
      await journal.own(owned);
      return { journal, owned };
    }

    test('a lone replica owns every partition as soon as it wants to', async () => {
      const { journal, owned } = await openOwned();
      expect([...owned.partitions.keys()].sort()).toEqual([0, 1, 2, 3]);
      expect(journal.stats().partitionsOwned).toBe(4);
    });

    test('entries that are gathered are asked for once, after the call, and held like others', async () => {
      const { journal, owned } = await openOwned();
      const gathered: { partition: number; payload: Bytes; items: number }[] = [];
      let asked = 0;
      const held = journal.append(() => {
        asked += 1;
        return gathered;
      });
      gathered.push({ partition: 1, payload: text('came later'), items: 2 });
      expect(await held).toMatchObject({ durability: subject.durability, items: 2 });
      expect(asked).toBe(1);
      expect((await owned.partition(1).read(undefined, 1_000)).map(({ payload }) => payload?.toString())).toEqual(['came later']);
    });

    test('entries that cannot be gathered cost only their own append', async () => {
      const { journal, owned } = await openOwned();
      const entry = { partition: 1, payload: text('good'), items: 1 };
      const failing = (): never => {
        throw new Error('no entries');
      };
      const ends = await Promise.allSettled([
        journal.append(failing),
        journal.append(() => [entry]),
        journal.append(() => [{ ...entry, partition: 4 }]),
        journal.append([entry]),
      ]);
      expect(ends.map(({ status }) => status)).toEqual(['rejected', 'fulfilled', 'rejected', 'fulfilled']);
      expect(ends[0]).toMatchObject({ reason: { message: 'no entries' } });
      expect(ends[2]).toMatchObject({ reason: { code: 'GW_BUG' } });
      expect(await owned.partition(1).read(undefined, 1_000)).toHaveLength(2);
    });

    test('entries that are being gathered when the journal closes are held', async () => {
      const closing = await open();
      const appends = Array.from({ length: 5 }, (_, index) =>
        closing.append(() => [{ partition: 1, payload: text(`${index}`), items: 1 }]),
      );
      await closing.close();
      expect(await Promise.all(appends)).toHaveLength(5);
      const { owned } = await openOwned();
      expect(await owned.partition(1).read(undefined, 1_000)).toHaveLength(5);
    });

    test('entries are read in the order of appending, byte-identical, with their items', async () => {
      const { journal, owned } = await openOwned();
      const before = Date.now();
      await journal.append([
        { partition: 1, payload: text('one'), items: 1 },
        { partition: 2, payload: text('elsewhere'), items: 7 },
        { partition: 1, payload: text('two'), items: 2 },
      ]);
      await journal.append([{ partition: 1, payload: text(''), items: 3 }]);
      const entries = await owned.partition(1).read(undefined, 1_000);
      expect(entries.map(({ payload }) => payload?.toString())).toEqual(['one', 'two', '']);
      expect(entries.map(({ items }) => items)).toEqual([1, 2, 3]);
      for (const { appendedAtMs } of entries) expect(appendedAtMs).toBeGreaterThanOrEqual(before);
      const ids = entries.map(({ id }) => id);
      expect([...ids].sort()).toEqual(ids);
    });

    test('the receipt says how many items are held and how safely', async () => {
      const journal = await open();
      const receipt = await journal.append([
        { partition: 0, payload: text('x'), items: 3 },
        { partition: 1, payload: text('y'), items: 4 },
      ]);
      expect(receipt).toMatchObject({ durability: subject.durability, items: 7 });
    });

    test('reading goes on behind an entry and stops at the limit of bytes, with one entry at least', async () => {
      const { journal, owned } = await openOwned();
      for (let index = 0; index < 5; index++)
        await journal.append([{ partition: 0, payload: asBytes(Buffer.alloc(1_000, index)), items: 1 }]);
      const partition = owned.partition(0);
      const [first] = await partition.read(undefined, 1);
      expect(first?.payload?.[0]).toBe(0);
      const next = await partition.read(first?.id, 2_500);
      expect(next.map(({ payload }) => payload?.[0])).toEqual([1, 2]);
      expect(await partition.read(next.at(-1)?.id, 1_000_000)).toHaveLength(2);
    });

    test('reading behind the last entry gives nothing and does not wait', async () => {
      const { owned } = await openOwned();
      expect(await owned.partition(0).read(undefined, 1_000)).toEqual([]);
    });

    test('an acknowledged entry is gone, its neighbours stay', async () => {
      const { journal, owned } = await openOwned();
      for (const payload of ['a', 'b', 'c']) await journal.append([{ partition: 0, payload: text(payload), items: 1 }]);
      const partition = owned.partition(0);
      const [, second] = await partition.read(undefined, 1_000);
      await partition.commit({ acknowledge: [second?.id ?? ''] });
      await partition.commit({ acknowledge: [second?.id ?? ''] });
      expect((await partition.read(undefined, 1_000)).map(({ payload }) => payload?.toString())).toEqual(['a', 'c']);
      await eventually(() => journal.stats().inboxItems === 2);
    });

    test('ids are never given again, even when the inbox was empty in between', async () => {
      const { journal, owned } = await openOwned();
      const partition = owned.partition(0);
      await journal.append([{ partition: 0, payload: text('a'), items: 1 }]);
      const [first] = await partition.read(undefined, 1_000);
      await partition.commit({ acknowledge: [first?.id ?? ''] });
      await journal.append([{ partition: 0, payload: text('b'), items: 1 }]);
      expect((await partition.read(first?.id, 1_000)).map(({ payload }) => payload?.toString())).toEqual(['b']);
    });

    test('the map is ordered by the bytes of its keys, spaces and partitions apart', async () => {
      const { owned } = await openOwned();
      const partition = owned.partition(0);
      const keys = ['b', 'a', '', 'a\u0000', 'ab', 'z', '\uffee', '\u{1f600}', 'é', '__proto__'];
      await partition.commit({ put: keys.map((key) => ({ space: 'park', key, value: text(`=${key}`) })) });
      await partition.commit({ put: [{ space: 'due', key: 'a', value: text('due') }] });
      await owned.partition(1).commit({ put: [{ space: 'park', key: 'a', value: text('other') }] });
      const pairs = await partition.scan('park', '', '\u{10ffff}', 100);
      expect(pairs.map(({ key }) => key)).toEqual([...keys].sort((one, other) => Buffer.compare(Buffer.from(one), Buffer.from(other))));
      for (const { key, value } of pairs) expect(value.toString()).toBe(`=${key}`);
    });

    test('a scan takes what lies from its beginning up to, without, its end, up to the limit', async () => {
      const { owned } = await openOwned();
      const partition = owned.partition(0);
      await partition.commit({ put: ['a', 'b', 'c', 'd'].map((key) => ({ space: 'dead', key, value: text(key) })) });
      const keysOf = async (from: string, to: string, limit: number): Promise<string[]> =>
        (await partition.scan('dead', from, to, limit)).map(({ key }) => key);
      expect(await keysOf('b', 'd', 10)).toEqual(['b', 'c']);
      expect(await keysOf('a', 'z', 2)).toEqual(['a', 'b']);
      expect(await keysOf('c', 'a', 10)).toEqual([]);
      expect(await keysOf('a', 'z', 0)).toEqual([]);
    });

    test('a put replaces, a delete removes, and deleting what is not there is nothing', async () => {
      const { owned } = await openOwned();
      const partition = owned.partition(0);
      await partition.commit({ put: [{ space: 'meta', key: 'k', value: text('one') }] });
      await partition.commit({ put: [{ space: 'meta', key: 'k', value: text('two') }] });
      expect((await partition.get('meta', 'k'))?.toString()).toBe('two');
      await partition.commit({
        delete: [
          { space: 'meta', key: 'k' },
          { space: 'meta', key: 'never' },
        ],
      });
      expect(await partition.get('meta', 'k')).toBeUndefined();
    });

    test('a commit whose key is too long changes nothing', async () => {
      const { journal, owned } = await openOwned();
      const partition = owned.partition(0);
      await journal.append([{ partition: 0, payload: text('a'), items: 1 }]);
      const [entry] = await partition.read(undefined, 1_000);
      const change: Change = {
        acknowledge: [entry?.id ?? ''],
        put: [
          { space: 'park', key: 'fits', value: text('x') },
          { space: 'park', key: 'é'.repeat(251), value: text('x') },
        ],
      };
      await expect(partition.commit(change)).rejects.toMatchObject({ code: 'GW_BUG' });
      expect(await partition.read(undefined, 1_000)).toHaveLength(1);
      expect(await partition.get('park', 'fits')).toBeUndefined();
      await partition.commit({ put: [{ space: 'park', key: 'é'.repeat(250), value: text('x') }] });
    });

    test('the owner is told of new entries, its own and those of other replicas', async () => {
      const { journal, owned } = await openOwned();
      const other = await open();
      let calls = 0;
      owned.partition(3).onAppend(() => calls++);
      await journal.append([{ partition: 3, payload: text('own'), items: 1 }]);
      await eventually(() => calls >= 1);
      const before = calls;
      await other.append([{ partition: 3, payload: text('other'), items: 1 }]);
      await eventually(() => calls > before);
      expect(await owned.partition(3).read(undefined, 1_000)).toHaveLength(2);
    });

    test('over the high-water mark appends are refused until there is room again, and commits are not', async () => {
      const { journal, owned } = await openOwned({ bytesMax: 100_000 });
      // What was appended is the journal's.
      const payload = (): Bytes => asBytes(Buffer.alloc(30_000, 7));
      const append = (): Promise<unknown> => journal.append([{ partition: 0, payload: payload(), items: 1 }]);
      for (let index = 0; index < 3; index++) await append();
      await expect(append()).rejects.toMatchObject({ code: 'GW_JOURNAL_FULL', kind: 'busy', retryAfterMs: expect.any(Number) });
      const partition = owned.partition(0);
      const entries = await partition.read(undefined, 1_000_000);
      expect(entries).toHaveLength(3);
      await partition.commit({ acknowledge: entries.map(({ id }) => id), put: [{ space: 'park', key: 'k', value: payload() }] });
      await eventually(() => journal.stats().bytes < 40_000);
      await append();
    });

    test('over the high-water mark a command is still taken, so that an operator can make room', async () => {
      const { journal, owned } = await openOwned({ bytesMax: 100_000 });
      await journal.append([{ partition: 0, payload: asBytes(Buffer.alloc(99_000)), items: 1 }]);
      const more = asBytes(Buffer.alloc(2_000));
      await expect(journal.append([{ partition: 0, payload: more, items: 1 }])).rejects.toMatchObject({ code: 'GW_JOURNAL_FULL' });
      await journal.append([{ partition: 0, payload: more, items: 0 }]);
      expect(await owned.partition(0).read(undefined, 1_000_000)).toHaveLength(2);
    });

    test('what is refused as full is not stored in part', async () => {
      const { journal, owned } = await openOwned({ bytesMax: 100_000 });
      const half = asBytes(Buffer.alloc(60_000));
      await expect(
        journal.append([
          { partition: 0, payload: half, items: 1 },
          { partition: 1, payload: half, items: 1 },
        ]),
      ).rejects.toMatchObject({ code: 'GW_JOURNAL_FULL' });
      expect(await owned.partition(0).read(undefined, 1)).toEqual([]);
      expect(journal.stats()).toMatchObject({ bytes: 0, inboxItems: 0 });
    });

    test('an entry that can never fit is refused for good', async () => {
      const journal = await open({ bytesMax: 10_000 });
      const payload = asBytes(Buffer.alloc(20_000));
      await expect(journal.append([{ partition: 0, payload, items: 1 }])).rejects.toMatchObject({
        code: 'GW_JOURNAL_ENTRY_TOO_LARGE',
        kind: 'too_large',
      });
    });

    test('an empty journal counts no bytes, whatever went through it', async () => {
      const { journal, owned } = await openOwned();
      const partition = owned.partition(0);
      await journal.append([{ partition: 0, payload: text('x'.repeat(5_000)), items: 2 }]);
      const [entry] = await partition.read(undefined, 10_000);
      await partition.commit({ acknowledge: [entry?.id ?? ''], put: [{ space: 'park', key: 'k', value: text('y'.repeat(9_000)) }] });
      await partition.commit({ put: [{ space: 'park', key: 'k', value: text('z') }] });
      await partition.commit({ delete: [{ space: 'park', key: 'k' }] });
      await journal.append([{ partition: 1, payload: text('to see the counts afresh'), items: 1 }]);
      const [last] = await owned.partition(1).read(undefined, 10_000);
      await owned.partition(1).commit({ acknowledge: [last?.id ?? ''] });
      await eventually(() => journal.stats().bytes === 0 && journal.stats().inboxItems === 0);
    });

    test('a journal keeps its number of partitions, and journals of different names share nothing', async () => {
      const { journal } = await openOwned({ partitions: 3 });
      await journal.append([{ partition: 2, payload: text('x'), items: 1 }]);
      expect((await open({ partitions: 16 })).partitions).toBe(3);
      const other = await open({ partitions: 5 }, new PausableClock(), 'langsmith/other');
      expect(other.partitions).toBe(5);
      expect(other.stats().inboxItems).toBe(0);
    });

    test('operators look without owning', async () => {
      const { owned } = await openOwned();
      await owned.partition(2).commit({ put: [{ space: 'dead', key: 'run', value: text('why') }] });
      const operator = await open();
      expect((await operator.peek(2, 'dead', '', '\u{10ffff}', 10)).map(({ key, value }) => [key, value.toString()])).toEqual([
        ['run', 'why'],
      ]);
      expect(operator.stats().partitionsOwned).toBe(0);
    });

    test('an unknown partition is a fault of the caller', async () => {
      const journal = await open();
      await expect(journal.append([{ partition: 4, payload: text('x'), items: 1 }])).rejects.toMatchObject({ code: 'GW_BUG' });
      await expect(journal.peek(4, 'dead', '', 'z', 1)).rejects.toMatchObject({ code: 'GW_BUG' });
    });

    test('a closed journal refuses, and closing twice is closing once', async () => {
      const { journal, owned } = await openOwned();
      const partition = owned.partition(0);
      await journal.close();
      await journal.close();
      expect([...owned.handedOver].sort()).toEqual([0, 1, 2, 3]);
      expect(partition.lost.aborted).toBe(true);
      await expect(journal.append([{ partition: 0, payload: text('x'), items: 1 }])).rejects.toMatchObject({
        code: 'GW_JOURNAL_UNAVAILABLE',
      });
      await expect(partition.commit({})).rejects.toMatchObject({ code: 'GW_JOURNAL_FENCED' });
      await expect(partition.read(undefined, 1)).rejects.toMatchObject({ code: 'GW_JOURNAL_FENCED' });
    });

    test('what was stored is there when the journal is opened again', async () => {
      const first = await openOwned();
      await first.journal.append([{ partition: 1, payload: text('entry'), items: 1 }]);
      await first.owned.partition(1).commit({ put: [{ space: 'park', key: 'k', value: text('parked') }] });
      await first.journal.close();
      const second = await openOwned();
      expect((await second.owned.partition(1).read(undefined, 100))[0]?.payload?.toString()).toBe('entry');
      expect((await second.owned.partition(1).get('park', 'k'))?.toString()).toBe('parked');
      expect(second.journal.stats().inboxItems).toBe(1);
    });

    test('a second replica takes its share, and gets it all when the first one closes', async () => {
      const first = await openOwned({ partitions: 16 });
      const second = await openOwned({ partitions: 16 });
      await eventually(() => second.owned.partitions.size > 0 && first.owned.partitions.size + second.owned.partitions.size === 16);
      for (const id of second.owned.partitions.keys()) expect(first.owned.handedOver.has(id)).toBe(true);
      await first.journal.close();
      await eventually(() => second.owned.partitions.size === 16);
    });

    test('a replica that was paused longer than its lease is fenced', async () => {
      const clock = new PausableClock();
      const paused = await open({}, clock);
      const before = new Owned();
      await paused.own(before);
      await paused.append([{ partition: 0, payload: text('x'), items: 1 }]);
      const stale = before.partition(0);
      const [entry] = await stale.read(undefined, 100);
      clock.pause();
      const after = await openOwned();
      await eventually(() => after.owned.partitions.size === 4);
      const change: Change = { acknowledge: [entry?.id ?? ''], put: [{ space: 'park', key: 'k', value: text('harm') }] };
      await expect(stale.commit(change)).rejects.toMatchObject({ code: 'GW_JOURNAL_FENCED' });
      expect(stale.lost.aborted).toBe(true);
      expect(await after.owned.partition(0).read(undefined, 100)).toHaveLength(1);
      expect(await after.owned.partition(0).get('park', 'k')).toBeUndefined();
      clock.resume();
    });

    test('a store refuses a level that it cannot give', async () => {
      const other: Durability = subject.durability === 'redis_replica' ? 'memory' : 'redis_replica';
      await expect(open({ durability: other })).rejects.toMatchObject({ code: 'GW_JOURNAL_LEVEL', hint: expect.any(String) });
    });
  });
}
