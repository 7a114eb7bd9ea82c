import { type Bytes, bytes } from '../../../model/bytes.ts';
import type { Compressor } from '../../compressor/compressor.ts';
import { closingOf, countsOf, type SealedBatch, type SealedItem, type WholeBatch } from '../sealed-batch.ts';

/** Two halves of a batch of at least two runs, each with its content: the same bytes of each run, under the same boundary. */
export async function halvesOf(
  batch: SealedBatch,
  items: readonly SealedItem[],
  uncompressed: Bytes,
  compressor: Compressor,
): Promise<readonly WholeBatch[]> {
  const middle = items.length >> 1;
  return Promise.all([
    partOf(batch, uncompressed, `${batch.id}.0`, items.slice(0, middle), compressor),
    partOf(batch, uncompressed, `${batch.id}.1`, items.slice(middle), compressor),
  ]);
}

async function partOf(
  batch: SealedBatch,
  uncompressed: Bytes,
  id: string,
  items: readonly SealedItem[],
  compressor: Compressor,
): Promise<WholeBatch> {
  const from = items[0]?.start ?? 0;
  const to = items.at(-1)?.end ?? 0;
  const whole = bytes.concat([uncompressed.subarray(from, to), bytes.from(closingOf(batch.boundary))]);
  const body = await compressor.compress(whole, batch.encoding);
  return {
    batch: { ...batch, id, compressedBytes: body.length, uncompressedBytes: whole.length, ...countsOf(items) },
    content: { items: items.map((item) => ({ ...item, start: item.start - from, end: item.end - from })), body },
  };
}
