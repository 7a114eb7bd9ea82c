// The product beside a bare gateway of the same parts (`bare-process.mjs`), alternating in one run: how much of what it costs is the parts' own.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { atHalf, drive, peakMiB, startGateway, startLoad, startSink, warm } from './gateway-process.mjs';
import { median, tableHead, tableRow, thousands } from './measure.mjs';

const rounds = 5;
const work = [
  ['llm spans, 128 a request', { kind: 'llm', spans: 128, requests: 60, clients: 8 }, 15_000],
  ['1 kB spans, 128 a request', { kind: 'small', spans: 128, requests: 200, clients: 8 }, 50_000],
  ['1 kB spans, one a request', { kind: 'small', spans: 1, requests: 8_000, clients: 32 }, 12_000],
];

async function startBare(sinkUrl) {
  const directory = mkdtempSync(join(tmpdir(), 'spanway-bare-'));
  const child = spawn(process.execPath, [new URL('bare-process.mjs', import.meta.url).pathname, sinkUrl, directory], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [port] = await once(createInterface(child.stdout), 'line');
  return {
    httpPort: Number(port),
    metric: async () => Number(await (await fetch(`http://127.0.0.1:${port}`)).text()),
    pids: () => [child.pid],
    stop: async () => {
      child.kill('SIGTERM');
      await once(child, 'exit');
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

export async function benchBare() {
  tableHead('Spanway beside a gateway that only receives, converts, syncs, compresses and sends', [
    'work',
    'bare, spans per CPU-second',
    'Spanway',
    'of bare',
    'target',
    'bare, acknowledged at half load, p50 / p99',
    'Spanway',
    'bare, peak RSS, MiB',
    'Spanway',
  ]);
  for (const [name, job, target] of work) {
    const sink = await startSink();
    const load = startLoad();
    const gateways = [await startBare(sink.url), await startGateway(sink.url)];
    for (const gateway of gateways) await warm(gateway, load, job);
    const results = [[], []];
    for (let round = 0; round < rounds; round += 1)
      for (const [index, gateway] of gateways.entries()) results[index].push(await drive(gateway, load, job));
    const [bare, whole] = results.map((all) => median(all.map(({ perCpuSecond }) => perCpuSecond)));
    // Both at the same load, the half of what Spanway takes.
    const half = atHalf(job, median(results[1].map(({ perSecond }) => perSecond)));
    const waits = [];
    for (const gateway of gateways) waits.push(await drive(gateway, load, half));
    tableRow([
      name,
      thousands(bare),
      thousands(whole),
      `${Math.round((100 * whole) / bare)} %`,
      thousands(target),
      ...waits.map(({ p50, p99 }) => `${p50.toFixed(1)} / ${p99.toFixed(1)} ms`),
      ...gateways.map((gateway) => Math.round(peakMiB(gateway.pids()[0]))),
    ]);
    for (const gateway of gateways) await gateway.stop();
    load.child.kill();
    sink.child.kill();
  }
}
