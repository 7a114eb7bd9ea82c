import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { formatProblem, loadConfig, type ServiceConfig } from '../../src/config/load.ts';
import { systemClock } from '../../src/service/clock.ts';
import { factories } from '../../src/service/components.ts';
import { withDeadLetters } from '../../src/service/dead-letters.ts';
import { startGateway } from '../../src/service/gateway.ts';
import { tracesJsonBody } from '../receivers/running-receiver.ts';
import { startBackend, until } from './world.ts';

async function configured(backendUrl: string, directory: string): Promise<ServiceConfig> {
  const document = {
    receivers: { otlp: { protocols: { http: { endpoint: '127.0.0.1:0' } } } },
    exporters: {
      otlphttp: { endpoint: backendUrl, sending_queue: { storage: 'file_storage' } },
      'otlphttp/memory': { endpoint: backendUrl },
      'otlphttp/direct': { endpoint: backendUrl, sending_queue: { enabled: false } },
    },
    extensions: { file_storage: { directory } },
    service: {
      extensions: ['file_storage'],
      telemetry: { metrics: { level: 'none' } },
      pipelines: { traces: { receivers: ['otlp'], exporters: ['otlphttp'] } },
    },
  };
  const loaded = await loadConfig({ uris: [`yaml:${JSON.stringify(document)}`], sets: [], env: {}, factories });
  if (!loaded.ok) throw new Error(loaded.problems.map(formatProblem).join('\n'));
  return loaded.config;
}

test('the dead letters of an OTLP exporter are listed, shown and given back from another process’s view while the gateway runs', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'spanway-otlp-dead-'));
  let bad = true;
  const backend = await startBackend(() => (bad ? { status: 400, body: 'no such tenant' } : undefined));
  const config = await configured(backend.url, directory);
  const gateway = await startGateway(config, { emit: () => {} });
  try {
    const http = gateway.service.receivers.get('otlp')?.addresses().http;
    const headers = { 'content-type': 'application/json' };
    await fetch(`http://127.0.0.1:${http?.port}/v1/traces`, { method: 'POST', headers, body: tracesJsonBody() });
    const [exporter] = [...gateway.service.journaled()];
    await until(() => exporter?.[1].balance().deadLettered === 1);
    bad = false;
    const desks: string[] = [];
    await withDeadLetters(config, systemClock, async (id, desk) => {
      desks.push(id);
      const [line = ''] = await desk.list();
      expect(line).toMatch(/ {2}1 item {2}the server rejects it \(400\): no such tenant$/);
      const [key = ''] = line.split(' ');
      expect(await desk.show(key)).toMatchObject({ endpoint: `${backend.url}/v1/traces`, reason: 'rejected', holds: 'entry' });
      expect(await desk.command('replay', [key])).toBe(1);
    });
    expect(desks).toEqual(['otlphttp']);
    await until(() => backend.got.length === 1);
    expect(backend.got[0]?.names).toEqual(['chat']);
  } finally {
    await gateway.stop(1_000);
    await backend.close();
    rmSync(directory, { recursive: true, force: true });
  }
});
