/** What a sealed batch holds of each signal, as the exporter counts it. */
import { expect, test } from 'vitest';
import { createCompressor } from '../../src/exporters/compressor/compressor.ts';
import { countsOf, type SealedBatch, type SealedItem, signalsIn } from '../../src/exporters/langsmith/sealed-batch.ts';
import { halvesOf } from '../../src/exporters/langsmith/upload/split.ts';
import { runId, sealedBatch } from '../upload/batches.ts';

const item = (more: Partial<SealedItem> = {}): SealedItem => ({
  runId: runId(1),
  traceId: runId(1),
  start: 0,
  end: 1,
  operations: 1,
  ...more,
});
const { batch: plain } = await sealedBatch({ endpoint: 'http://127.0.0.1:9', workspaceId: '', key: 'static' }, 1, 2);
const holding = (items: readonly SealedItem[]): SealedBatch => ({ ...plain, ...countsOf(items) });

test('a run is a span, and the log records that went into it are log records', () => {
  expect(signalsIn(holding([item(), item({ logs: 3 })]))).toEqual([
    [2, 'traces'],
    [3, 'logs'],
  ]);
  expect(signalsIn(holding([item()]))).toEqual([[1, 'traces']]);
});

test('a change of a run that was sent before is log records only', () => {
  expect(signalsIn(holding([item({ synthetic: true, logs: 2 })]))).toEqual([[2, 'logs']]);
});

test('a batch of a former version, which tells no log records apart, is spans; and no numbers make less than nothing', () => {
  const { logs: _, ...former } = holding([item(), item({ logs: 1 })]);
  expect(signalsIn(former)).toEqual([[3, 'traces']]);
  expect(signalsIn({ ...plain, spans: 1, logs: 5 })).toEqual([[1, 'logs']]);
});

test('halves hold each what is theirs', async () => {
  const { batch, content } = await sealedBatch(plain.destination, 1, 2);
  const [first, second] = content.items as [SealedItem, SealedItem];
  const compressor = createCompressor();
  const items = [first, { ...second, logs: 2 }];
  const halves = await halvesOf({ ...batch, ...countsOf(items) }, items, content.body, compressor);
  expect(halves.map((half) => signalsIn(half.batch))).toEqual([
    [[1, 'traces']],
    [
      [1, 'traces'],
      [2, 'logs'],
    ],
  ]);
  await compressor.close();
});
