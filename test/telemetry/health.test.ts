/** What the health check says of a real gateway, with real causes. */
import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Sink } from '../../src/sink/sink.ts';
import { gatewayConfig, strictSink, temporaryDirectory, until } from '../e2e/harness.ts';
import { type RunningGateway, sendSpans, startGatewayWithPages } from './gateway.ts';
import { scrape } from './scrape.ts';

interface Trouble {
  readonly error: string;
  readonly since: string;
  readonly facts: Record<string, unknown>;
}

interface Status {
  readonly healthy: boolean;
  readonly status: string;
  readonly state: string;
  readonly error?: string;
  readonly degraded: Readonly<Record<string, Trouble>>;
  readonly components?: Readonly<Record<string, Status>>;
}

let sink: Sink;
let directory: ReturnType<typeof temporaryDirectory>;
let running: RunningGateway | undefined;

beforeEach(async () => {
  sink = await strictSink();
  directory = temporaryDirectory();
});

afterEach(async () => {
  await running?.gateway.stop(2_000);
  running = undefined;
  await sink.close();
  directory.remove();
});

async function start(exporter: Record<string, unknown> = {}, health: object = {}): Promise<RunningGateway> {
  const document = gatewayConfig({ sinkUrl: sink.url, directory: `${directory.path}/journal`, exporter }) as Record<string, object>;
  running = await startGatewayWithPages(document, {}, health);
  return running;
}

async function page(path: string): Promise<{ readonly code: number; readonly body: Status }> {
  const response = await fetch(`${running?.healthUrl}${path}`);
  return { code: response.status, body: (await response.json()) as Status };
}

const isDegraded = (key: string, words: string): Promise<void> =>
  until(
    async () => (await page('/status')).body.degraded[key]?.error.includes(words) === true,
    () => running?.lines.join('\n') ?? '',
  );

test('a healthy gateway is ready, alive, and says so of each pipeline and component when asked', async () => {
  await start();
  expect(await page('/')).toMatchObject({ code: 200, body: { status: 'Server available' } });
  expect(await page('/live')).toMatchObject({ code: 200, body: { status: 'alive' } });
  const { code, body } = await page('/status');
  expect({ code, body }).toMatchObject({ code: 200, body: { healthy: true, status: 'StatusOK', state: 'ready', degraded: {} } });
  expect(body.components).toBeUndefined();
  const verbose = (await page('/status?verbose')).body.components;
  expect(Object.keys(verbose ?? {})).toEqual(['extensions', 'pipeline:traces', 'pipeline:logs']);
  expect(Object.keys(verbose?.['pipeline:traces']?.components ?? {})).toEqual(['receiver:otlp', 'exporter:langsmith']);
  expect(Object.keys((await page('/status?pipeline=traces&verbose')).body.components ?? {})).toEqual([
    'receiver:otlp',
    'exporter:langsmith',
  ]);
  expect((await page('/status?pipeline=nope')).code).toBe(404);
});

test('a destination that refuses the key degrades its exporter and pipelines, in words, and takes no readiness away', async () => {
  sink.faults.add({ action: { do: 'status', status: 401, body: '{"detail":"Invalid token"}' } });
  const { url, metricsUrl } = await start();
  await sendSpans(url, 1);
  await isDegraded('langsmith/upload/1', 'does not know this API key');
  expect((await page('/')).code).toBe(200);
  const { code, body } = await page('/status?verbose');
  expect({ code, healthy: body.healthy, status: body.status }).toEqual({ code: 200, healthy: false, status: 'StatusRecoverableError' });
  const traces = body.components?.['pipeline:traces'];
  expect(traces?.components?.['exporter:langsmith']).toMatchObject({ healthy: false, status: 'StatusRecoverableError' });
  expect(traces?.components?.['receiver:otlp']).toMatchObject({ healthy: true, status: 'StatusOK' });
  expect((await page('/status?pipeline=traces')).body.healthy).toBe(false);
  expect((await scrape(metricsUrl)).sum('spanway_degraded', { component: 'langsmith' })).toBe(1);
  sink.faults.clear();
});

test('a journal that fills up says so at four fifths; full, it takes readiness away until it has room again', async () => {
  sink.faults.add({ action: { do: 'status', status: 503 } });
  const queue = { storage: 'file_storage', durability: 'disk', queue_size: 2 << 20 };
  const { url } = await start({ sending_queue: queue });
  const [journal] = [...(running as RunningGateway).gateway.service.journaled()].map(([, exporter]) => exporter.journal);
  const used = (): number => {
    const { bytes, bytesMax } = (journal as NonNullable<typeof journal>).stats();
    return bytes / bytesMax;
  };
  let first = 1;
  /** Sends as long as less than the share is used, until the status page has these words; a journal shrinks while it compresses what came. */
  const fillUntil = (words: string, share: number): Promise<void> =>
    until(
      async () => {
        const text = randomBytes(20_000).toString('base64');
        if (used() < share) await sendSpans(url, 1, { first: first++, attributes: [{ key: 'input.value', value: { stringValue: text } }] });
        return (await page('/status')).body.degraded['langsmith/journal']?.error.includes(words) === true;
      },
      () => running?.lines.slice(-5).join('\n') ?? '',
    );
  await fillUntil('nearly full', 0.82);
  expect((await page('/')).code).toBe(200);
  await fillUntil('is full', 1);
  expect(await page('/')).toMatchObject({ code: 503, body: { status: 'Server not available' } });
  expect((await page('/live')).code).toBe(200);
  sink.faults.clear();
  await until(
    async () => (await page('/')).code === 200 && (await page('/status')).body.healthy,
    () => running?.lines.slice(-5).join('\n') ?? '',
    60_000,
  );
}, 90_000);

test('trouble that lasts turns the status page to 500 where the configuration wants that', async () => {
  sink.faults.add({ action: { do: 'status', status: 403 } });
  const { url } = await start({}, { component_health: { include_recoverable_errors: true, recovery_duration: '10ms' } });
  await sendSpans(url, 1);
  await until(
    async () => (await page('/status')).code === 500,
    () => 'the status should become 500',
  );
  sink.faults.clear();
});

test('paths, bodies and the endpoint of the second version can be chosen', async () => {
  await start({}, { path: '/ready', response_body: { healthy: 'fine' }, http: { status: { path: '/health/status' } } });
  const ready = await fetch(`${running?.healthUrl}/ready`);
  expect([ready.status, await ready.text()]).toEqual([200, 'fine']);
  expect((await page('/health/status')).code).toBe(200);
  expect((await fetch(`${running?.healthUrl}/status`)).status).toBe(404);
});

test('a gateway that is stopping is not ready', async () => {
  sink.faults.add({ action: { do: 'delay' }, delayMs: 1_500, times: 1 });
  const { gateway, url } = await start();
  await sendSpans(url, 1);
  await until(
    () => gateway.service.health().ready,
    () => 'it should be ready',
  );
  const stopped = gateway.stop(5_000);
  expect(await page('/')).toMatchObject({ code: 503, body: { state: 'stopping' } });
  await stopped;
  running = undefined;
  rmSync(directory.path, { recursive: true, force: true });
});
