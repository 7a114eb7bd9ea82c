// Appends to the journal per durability level: entries of one request, 64 appends under way.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../dist/service/clock.js';
import { factories } from '../dist/service/components.js';
import { median, table, thousands } from './measure.mjs';

const observer = new Proxy({}, { get: () => () => {} });

async function appendRate(type, durability, bytes, seconds) {
  const directory = mkdtempSync(join(tmpdir(), 'spanway-bench-'));
  const factory = factories.find((one) => one.type === type);
  const storage = factory.create(factory.schema.parse(type === 'file_storage' ? { directory } : {}), {
    id: type,
    observer,
    clock: systemClock,
  });
  await storage.start();
  const journal = await storage.open('bench', { durability, bytesMax: 64 * 2 ** 30 });
  const payload = Buffer.alloc(bytes, 'spanway ');
  let entries = 0;
  const cpu = process.cpuUsage();
  const start = performance.now();
  const end = start + seconds * 1000;
  await Promise.all(
    Array.from({ length: 64 }, async (_, writer) => {
      for (let i = 0; performance.now() < end; i += 1) {
        await journal.append([{ partition: (writer + i) % journal.partitions, payload, items: 1 }]);
        entries += 1;
      }
    }),
  );
  const elapsed = (performance.now() - start) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  await journal.close();
  await storage.stop(Date.now() + 1000);
  rmSync(directory, { recursive: true, force: true });
  return { perSecond: entries / elapsed, cpuMicros: (user + system) / entries };
}

export async function benchJournal() {
  const rows = [];
  for (const [type, durability] of [
    ['memory_storage', 'memory'],
    ['file_storage', 'disk'],
  ]) {
    for (const bytes of [2_048, 65_536, 262_144]) {
      const seconds = type === 'memory_storage' ? 0.3 : 1.5;
      const runs = [];
      for (let round = 0; round < 3; round += 1) runs.push(await appendRate(type, durability, bytes, seconds));
      const perSecond = median(runs.map((run) => run.perSecond));
      rows.push([
        durability,
        `${bytes / 1024} KiB`,
        `${thousands(perSecond)}/s`,
        `${Math.round((perSecond * bytes) / 1e6)} MB/s`,
        `${median(runs.map((run) => run.cpuMicros)).toFixed(1)} µs`,
      ]);
    }
  }
  table('Journal append', ['durability', 'entry', 'entries', 'bytes', 'CPU per entry'], rows);
}
