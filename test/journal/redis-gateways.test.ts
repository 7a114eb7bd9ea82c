/** Three gateways in front of one Redis, any request to any of them: whole trees at the strict sink. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { formatProblem, loadConfig } from '../../src/config/load.ts';
import { runIdOfSpan } from '../../src/model/ids.ts';
import { factories } from '../../src/service/components.ts';
import { type Gateway, startGateway } from '../../src/service/gateway.ts';
import type { Sink } from '../../src/sink/sink.ts';
import { captureNames, readCapture, replay } from '../e2e/captures.ts';
import { gatewayConfig, strictSink, until } from '../e2e/harness.ts';
import { RedisServer } from './redis-server.ts';

let server: RedisServer;
let sink: Sink;
const gateways: Gateway[] = [];

beforeEach(async () => {
  server = await RedisServer.start();
  sink = await strictSink();
});

afterEach(async () => {
  for (const gateway of gateways.splice(0)) await gateway.stop(2_000);
  await sink.close();
  await server.stop();
});

async function start(): Promise<Gateway> {
  const exporter = { sending_queue: { storage: 'redis_storage', durability: 'redis_fsync' } };
  const document = gatewayConfig({ sinkUrl: sink.url, exporter }) as { readonly service: object };
  const extensions = { redis_storage: { url: `redis://127.0.0.1:${server.port}` } };
  const config = { ...document, extensions, service: { ...document.service, extensions: Object.keys(extensions) } };
  const loaded = await loadConfig({ uris: [`yaml:${JSON.stringify(config)}`], sets: [], env: {}, factories });
  if (!loaded.ok) throw new Error(loaded.problems.map(formatProblem).join('\n'));
  const gateway = await startGateway(loaded.config, { emit: () => {} });
  gateways.push(gateway);
  return gateway;
}

test('all captures arrive as whole trees when three gateways that share Redis get them request by request', {
  timeout: 120_000,
}, async () => {
  const urls: (readonly [http: string, grpc: string])[] = [];
  for (let count = 0; count < 3; count++) {
    const { http, grpc } = (await start()).service.receivers.get('otlp')?.addresses() ?? {};
    urls.push([`http://127.0.0.1:${http?.port}`, `http://127.0.0.1:${grpc?.port}`]);
  }
  const captures = captureNames.map(readCapture);
  let number = 0;
  for (const capture of captures)
    for (const request of capture.requests.filter(({ responded_status }) => responded_status < 400)) {
      const [http, grpc] = urls[number++ % urls.length] as readonly [string, string];
      expect(await replay(capture, request, http, grpc), `${capture.name}/${request.file}`).toBe(true);
    }
  const spans = captures.flatMap(({ spans }) => spans.filter(({ not_a_run }) => not_a_run === undefined));
  await until(
    () => sink.store.runs().length >= spans.length,
    () => `${sink.store.runs().length} of ${spans.length} runs`,
  );
  expect(sink.store.runs().length).toBe(spans.length);
  expect(sink.store.violations()).toEqual([]);
  for (const { span_id, parent_span_id, name } of spans)
    expect(sink.store.run(runIdOfSpan(span_id))?.parentRunId, name).toBe(parent_span_id === null ? '' : runIdOfSpan(parent_span_id));
});
