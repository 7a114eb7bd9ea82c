/**
 * A million runs wait for a destination that refuses them: the journal holds them, memory does not. The journal is a real one on disk, because its
 * pages are not on the heap; the gateway's half behind it is real, too.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, it, onTestFinished, vi } from 'vitest';
import { langsmithExporter } from '../../src/exporters/langsmith/exporter.ts';
import { putsOf } from '../../src/exporters/langsmith/partition/settlement.ts';
import { countsOf, type SealedItem, tenantOf } from '../../src/exporters/langsmith/sealed-batch.ts';
import { FileStorage } from '../../src/journal/file/storage.ts';
import type { Change, Partition } from '../../src/journal/journal.ts';
import { systemClock } from '../../src/journal/system-clock.ts';
import { bytes } from '../../src/model/bytes.ts';
import { runIdOfSpan } from '../../src/model/ids.ts';
import { spanId } from '../assemble/drafts.ts';
import { countingObserver, noHeadersSetter } from './world.ts';

const batchesPerPartition = 1_250;
const partitions = 8;
const runsPerBatch = 100;
const runs = partitions * batchesPerPartition * runsPerBatch;

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** Bytes that stay in use however often garbage is collected: buffers are freed only some turns after nobody refers to them. */
async function bytesInUse(): Promise<number> {
  let least = Number.POSITIVE_INFINITY;
  for (let unchanged = 0; unchanged < 5; unchanged += 1) {
    collectGarbage();
    await new Promise((resolve) => setImmediate(resolve));
    const { heapUsed, external } = process.memoryUsage();
    if (heapUsed + external < least - 100_000) unchanged = 0;
    least = Math.min(least, heapUsed + external);
  }
  return least;
}

/** What a partition's owner has sealed for an endpoint. */
async function sealBatches(partition: Partition, endpoint: string): Promise<void> {
  const destination = { endpoint, workspaceId: '', key: 'static' };
  const items: SealedItem[] = Array.from({ length: runsPerBatch }, (_, index) => {
    const runId = runIdOfSpan(spanId(index + 1));
    return { runId, traceId: runId, start: index * 10, end: index * 10 + 10, operations: 1 };
  });
  const content = { items, body: bytes.from('x'.repeat(1_100)) };
  const sizes = { compressedBytes: 1_100, uncompressedBytes: 1_100 };
  for (let from = 0; from < batchesPerPartition; from += 250) {
    const put: NonNullable<Change['put']>[number][] = [];
    for (let number = from; number < from + 250; number += 1) {
      const id = `${tenantOf(destination)}-${'1'.padStart(15, '0')}-${`${number}`.padStart(9, '0')}-cafe`;
      const place = { id, partition: partition.id, destination, boundary: `spanway-${id}`, encoding: 'identity' } as const;
      put.push(...putsOf({ batch: { ...place, ...sizes, ...countsOf(items), sealedAtMs: 1 }, content }));
    }
    await partition.commit({ put });
  }
}

it('takes over a million runs that wait, and keeps them waiting, in a few megabytes', { timeout: 60_000 }, async () => {
  const directory = await mkdtemp(join(tmpdir(), 'spanway-backlog-'));
  onTestFinished(() => rm(directory, { recursive: true }));
  let requests = 0;
  const server = createServer((request, response) => {
    request.resume().on('end', () => {
      if (request.method === 'POST') requests += 1;
      response.writeHead(503).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  const storage = new FileStorage({ directory, clock: systemClock });
  const journal = await storage.open('langsmith', { durability: 'disk', bytesMax: 2 ** 30, partitions });
  const sealing: Promise<void>[] = [];
  await journal.own({ acquired: (partition) => void sealing.push(sealBatches(partition, endpoint)), released: async () => {} });
  await vi.waitFor(() => expect(sealing).toHaveLength(partitions));
  await Promise.all(sealing);
  await journal.close();

  const deps = {
    id: 'langsmith',
    observer: countingObserver(),
    clock: systemClock,
    storage: () => storage,
    headersSetter: noHeadersSetter,
  };
  const settings = { endpoint, retry_on_failure: { initial_interval: '10ms', max_interval: '20ms' } };
  const exporter = langsmithExporter.create(langsmithExporter.schema.parse(settings), deps);
  const before = await bytesInUse();
  await exporter.start();
  await vi.waitFor(() => expect(exporter.balance().waiting).toBe(runs), { timeout: 60_000, interval: 20 });
  await vi.waitFor(() => expect(requests).toBeGreaterThan(50), { timeout: 60_000, interval: 20 });
  const grown = (await bytesInUse()) - before;
  expect(exporter.backlog()).toMatchObject({ batches: runs / runsPerBatch });
  await exporter.stop(Date.now());
  // Some 4 MB; the items of the batches alone would be 190 MB.
  expect(grown).toBeLessThan(12 << 20);
});
