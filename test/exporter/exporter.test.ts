import { afterEach, expect, it } from 'vitest';
import { type LangsmithDeps, langsmithExporter } from '../../src/exporters/langsmith/exporter.ts';
import { MemoryStorage } from '../../src/journal/memory/memory-storage.ts';
import type { Caller, Logs, Traces } from '../../src/model/batch.ts';
import { bytes } from '../../src/model/bytes.ts';
import { runIdOfSpan } from '../../src/model/ids.ts';
import { decodeTracesJson, logRecordOf, logsOf, resourceOf, scopeOf } from '../../src/otlp/otlp.ts';
import { type Sink, startSink } from '../../src/sink/sink.ts';
import { spanId, traceId } from '../assemble/drafts.ts';
import { countingObserver, noHeadersSetter, until, wallClock } from './world.ts';

const caller: Caller = { receiver: 'otlp', transport: 'http', address: '', metadata: new Map(), receivedAtMs: 0 };

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function sinkThat(): Promise<Sink> {
  const sink = await startSink({ strict: true });
  closing.push(() => sink.close());
  return sink;
}

function exporterTo(url: string, storage = new MemoryStorage()) {
  const observer = countingObserver();
  const deps: LangsmithDeps = { id: 'langsmith', observer, clock: wallClock, storage: () => storage, headersSetter: noHeadersSetter };
  const settings = { endpoint: url, api_key: 'key', sending_queue: { durability: 'memory' }, batch: { flush_timeout: '20ms' } };
  const exporter = langsmithExporter.create(langsmithExporter.schema.parse(settings), deps);
  return { exporter, observer, storage };
}

function traces(spans: readonly { readonly span: string; readonly parent?: string }[]): Traces {
  const json = {
    resourceSpans: [
      {
        resource: { attributes: [{ key: 'service.name', value: { stringValue: 'shop' } }] },
        scopeSpans: [
          {
            scope: { name: 'test' },
            spans: spans.map(({ span, parent = '' }) => ({
              ...{ traceId, spanId: span, parentSpanId: parent, name: 'step', kind: 1 },
              ...{ startTimeUnixNano: '1767323045000000000', endTimeUnixNano: '1767323045001000000' },
            })),
          },
        ],
      },
    ],
  };
  return decodeTracesJson(bytes.from(JSON.stringify(json)), caller).batch;
}

it('delivers spans as a tree to a strict server, acknowledged by the journal', async () => {
  const sink = await sinkThat();
  const { exporter, observer } = exporterTo(sink.url);
  await exporter.start();
  const receipt = await exporter.consume(traces([{ span: spanId(2), parent: spanId(1) }, { span: spanId(1) }]));
  expect(receipt).toMatchObject({ durability: 'memory', items: 2 });
  await until(() => exporter.balance().delivered === 2);
  expect(sink.store.violations()).toEqual([]);
  expect(sink.store.run(runIdOfSpan(spanId(2)))?.parentRunId).toBe(runIdOfSpan(spanId(1)));
  expect(observer.counts).toEqual(
    new Map([
      ['stored', 2],
      ['delivered', 2],
    ]),
  );
  await exporter.stop(Date.now() + 1_000);
});

it('sends on stop what it took before', async () => {
  const sink = await sinkThat();
  const { exporter } = exporterTo(sink.url);
  await exporter.start();
  await exporter.consume(traces([{ span: spanId(1) }]));
  await exporter.stop(Date.now() + 5_000);
  expect(sink.store.runs()).toHaveLength(1);
});

it('leaves what it cannot send in the journal, and the next run of the gateway delivers it', async () => {
  const storage = new MemoryStorage();
  const first = exporterTo('http://127.0.0.1:9', storage).exporter;
  await first.start();
  await first.consume(traces([{ span: spanId(1) }, { span: spanId(3), parent: spanId(2) }]));
  await first.stop(Date.now());
  const sink = await sinkThat();
  const second = exporterTo(sink.url, storage).exporter;
  await second.start();
  await until(() => second.balance().stored === 2);
  expect(second.balance().waiting).toBe(2);
  await second.stop(Date.now());
});

it('stores log records that name a span, and counts others as unsupported', async () => {
  const { exporter, observer } = exporterTo('http://127.0.0.1:9');
  await exporter.start();
  const ids = { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16) };
  const logRecords = [ids, { ...ids, spanId: '' }, {}].map((fields) =>
    logRecordOf({ eventName: 'tick', attributes: [], body: null, ...fields }),
  );
  const logs: Logs = logsOf(caller, [{ resource: resourceOf([]), scopeLogs: [{ scope: scopeOf(''), logRecords }] }]);
  expect(await exporter.consume(logs)).toMatchObject({ items: 1 });
  expect(observer.counts.get('unsupported logs')).toBe(2);
  expect(observer.counts.get('stored')).toBe(1);
  await exporter.stop(Date.now());
});

it('refuses a durability that its storage cannot give, and data before it is started', async () => {
  const storage = new MemoryStorage();
  const deps: LangsmithDeps = {
    id: 'langsmith',
    observer: countingObserver(),
    clock: wallClock,
    storage: () => storage,
    headersSetter: noHeadersSetter,
  };
  const exporter = langsmithExporter.create(langsmithExporter.schema.parse({}), deps);
  await expect(exporter.consume(traces([{ span: spanId(1) }]))).rejects.toMatchObject({ code: 'GW_RECEIVE_STOPPING' });
  await expect(exporter.start()).rejects.toMatchObject({ code: 'GW_JOURNAL_LEVEL' });
  await exporter.stop(Date.now());
});

it('has the documented defaults', () => {
  const { headers, api_key: key, ...plain } = langsmithExporter.schema.parse({});
  expect(key.empty && headers.size === 0).toBe(true);
  expect(plain).toEqual({
    ...{ inline_media_max: 1_048_576, dify: { usage_owner: 'message' } },
    ...{ endpoint: 'https://api.smith.langchain.com', workspace_id: '', project: 'default', compression: 'zstd', timeout: 30_000 },
    sending_queue: { storage: 'file_storage', durability: 'disk', queue_size: 2 ** 30, num_consumers: 8 },
    retry_on_failure: { initial_interval: 1_000, multiplier: 1.5, randomization_factor: 0.5, max_interval: 30_000, max_elapsed_time: 0 },
    batch: { flush_timeout: 500, max_operations: 100, max_bytes: 20 * 2 ** 20 },
    assembly: {
      ...{ remote_parent_wait: 30_000, local_parent_wait: 3_600_000, on_missing_parent: 'promote', late_window: 600_000 },
      log_join_window: 10_000,
      synthesize_from_logs: false,
    },
    run_id_mode: 'langsmith',
    tls: { insecure_skip_verify: false, server_name_override: '', min_version: '1.2' },
  });
});
