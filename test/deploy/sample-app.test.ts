/** The sample application of deploy/sidecar/ beside a gateway, as in a Pod: it is told OTEL_EXPORTER_OTLP_ENDPOINT and nothing else. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { startTestGateway, strictSink, temporaryDirectory, until } from '../e2e/harness.ts';

test('the traces of the sample application come to LangSmith whole, its last ones included', async () => {
  const sink = await strictSink();
  const directory = temporaryDirectory();
  const gateway = await startTestGateway({ sinkUrl: sink.url, directory: directory.path });
  const app = spawn('node', [new URL('../../deploy/sidecar/app.mjs', import.meta.url).pathname], {
    env: { PATH: process.env.PATH, OTEL_EXPORTER_OTLP_ENDPOINT: gateway.httpUrl },
    stdio: 'inherit',
  });
  await until(
    () => gateway.balance().delivered >= 2,
    () => JSON.stringify(gateway.balance()),
  );
  app.kill('SIGTERM');
  expect((await once(app, 'exit'))[0]).toBe(0);
  await gateway.stop();
  const runs = sink.store.runs();
  const roots = runs.filter(({ parentRunId }) => parentRunId === '');
  expect(roots.length).toBeGreaterThan(0);
  expect(runs).toHaveLength(roots.length * 2);
  expect(sink.store.orphans()).toEqual([]);
  directory.remove();
  await sink.close();
});
