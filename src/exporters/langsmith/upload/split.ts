import { type Bytes, bytes } from '../../../model/bytes.ts';
import { type Compressor, closingOf, type SealedBatch, type SealedItem } from '../sealed-batch.ts';

/** Two halves of a batch of at least two runs, each with its body: the same bytes of each run, under the same boundary. */
export async function halvesOf(batch: SealedBatch, uncompressed: Bytes, compressor: Compressor): Promise<readonly SealedBatch[]> {
  const middle = batch.items.length >> 1;
  return Promise.all([
    partOf(batch, uncompressed, `${batch.id}.0`, batch.items.slice(0, middle), compressor),
    partOf(batch, uncompressed, `${batch.id}.1`, batch.items.slice(middle), compressor),
  ]);
}

async function partOf(
  batch: SealedBatch,
  uncompressed: Bytes,
  id: string,
  items: readonly SealedItem[],
  compressor: Compressor,
): Promise<SealedBatch> {
  const from = items[0]?.start ?? 0;
  const to = items.at(-1)?.end ?? 0;
  const whole = bytes.concat([uncompressed.subarray(from, to), bytes.from(closingOf(batch.boundary))]);
  const body = await compressor.compress(whole, batch.encoding);
  let operations = 0;
  for (const item of items) operations += item.operations;
  return {
    ...batch,
    id,
    body,
    compressedBytes: body.length,
    uncompressedBytes: whole.length,
    items: items.map((item) => ({ ...item, start: item.start - from, end: item.end - from })),
    operations,
  };
}
