import { expect, test } from 'vitest';
import { BodyRooms } from '../../src/exporters/langsmith/partition/body-rooms.ts';

test('a room that was given back is used again, in shared memory', () => {
  const rooms = new BodyRooms(8 << 20);
  const room = rooms.take(3 << 20);
  expect(room.length).toBe(4 << 20);
  expect(room.buffer).toBeInstanceOf(SharedArrayBuffer);
  rooms.give(room);
  expect(rooms.take(1 << 20) === room).toBe(true);
});

test('a room in use is nobody else’s, and a room that is too small is not taken', () => {
  const rooms = new BodyRooms(8 << 20);
  const room = rooms.take(1 << 20);
  expect(rooms.take(1) === room).toBe(false);
  rooms.give(room);
  expect(rooms.take((1 << 20) + 1) === room).toBe(false);
});

test('no more memory is shared than was agreed on, and what is shared is never let go', () => {
  const rooms = new BodyRooms(2 << 20);
  const inUse = [rooms.take(1), rooms.take(1), rooms.take(1)];
  expect(inUse.map(({ buffer }) => buffer instanceof SharedArrayBuffer)).toEqual([true, true, false]);
  for (const room of inUse) rooms.give(room);
  expect(new Set([rooms.take(1), rooms.take(1)])).toEqual(new Set(inUse.slice(0, 2)));
  expect(rooms.take(1).buffer).not.toBeInstanceOf(SharedArrayBuffer);
});
