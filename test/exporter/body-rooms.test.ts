import { expect, test } from 'vitest';
import { BodyRooms } from '../../src/exporters/langsmith/partition/body-rooms.ts';
import type { Bytes } from '../../src/model/bytes.ts';

const smallest = 2 << 20;

/** What has been given by now. */
async function givenOf(asked: readonly Promise<Bytes>[]): Promise<(Bytes | undefined)[]> {
  const given: (Bytes | undefined)[] = asked.map(() => undefined);
  asked.forEach((each, index) => void each.then((room) => (given[index] = room)));
  await new Promise((resolve) => setImmediate(resolve));
  return given;
}

test('a room that was given back is used again, in shared memory', async () => {
  const rooms = new BodyRooms(4 * smallest);
  const room = await rooms.take(1.5 * smallest);
  expect(room.length).toBe(2 * smallest);
  expect(room.buffer).toBeInstanceOf(SharedArrayBuffer);
  rooms.give(room);
  expect((await rooms.take(1)) === room).toBe(true);
});

test('a room in use is nobody else’s, and a room that is too small is not taken', async () => {
  const rooms = new BodyRooms(4 * smallest);
  const room = await rooms.take(smallest);
  expect((await rooms.take(1)) === room).toBe(false);
  rooms.give(room);
  expect((await rooms.take(smallest + 1)) === room).toBe(false);
});

test('who finds all rooms in use waits, and rooms are given in the order of asking', async () => {
  const rooms = new BodyRooms(2 * smallest);
  const asked = [rooms.take(1), rooms.take(1), rooms.take(2 * smallest), rooms.take(1)];
  const [first, second, ...others] = await givenOf(asked);
  expect(others).toEqual([undefined, undefined]);
  rooms.give(first as Bytes);
  expect((await givenOf(asked)).map((room) => room !== undefined)).toEqual([true, true, false, false]);
  rooms.give(second as Bytes);
  expect((await givenOf(asked)).map((room) => room !== undefined)).toEqual([true, true, true, false]);
  rooms.give((await asked[2]) as Bytes);
  expect((await givenOf(asked))[3]).toBeDefined();
});

test('no more memory is shared than was agreed on, and what is shared is never let go', async () => {
  const rooms = new BodyRooms(2 * smallest);
  const small = [await rooms.take(1), await rooms.take(1)];
  for (const room of small) rooms.give(room);
  const large = await rooms.take(2 * smallest);
  expect(large.buffer).toBeInstanceOf(SharedArrayBuffer);
  rooms.give(large);
  const larger = await rooms.take(4 * smallest);
  expect(larger.buffer).not.toBeInstanceOf(SharedArrayBuffer);
  rooms.give(larger);
  expect(new Set([await rooms.take(1), await rooms.take(1)])).toEqual(new Set(small));
});

test('what is larger than all rooms together is given its own when no other is in use', async () => {
  const rooms = new BodyRooms(2 * smallest);
  const small = await rooms.take(1);
  const asked = [rooms.take(10 * smallest), rooms.take(1)];
  expect(await givenOf(asked)).toEqual([undefined, undefined]);
  rooms.give(small);
  const [large, next] = await givenOf(asked);
  expect([large?.length, next]).toEqual([16 * smallest, undefined]);
  rooms.give(large as Bytes);
  expect((await givenOf(asked))[1]).toBeDefined();
});
