import { expect, test } from 'vitest';
import { heapGrowthPercent } from '../../src/service/heap-growth.ts';

const mebibyte = 2 ** 20;

test('a process that is small may let its heap double before it collects, and a large one may not', () => {
  expect([100, 219, 220, 400].map((resident) => heapGrowthPercent(resident * mebibyte))).toEqual([100, 100, 50, 50]);
});
