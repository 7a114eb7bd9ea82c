/**
 * Spans that are routed to Langfuse through `otlp_http`: whatever Langfuse's tables read of them arrives as it was sent, byte by byte, with the right
 * path and key. The sender is Langfuse's own SDK, as recorded, and Dify.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Sink } from '../../src/sink/sink.ts';
import { GatewayProcess } from '../chaos/gateway-process.ts';
import { strictSink, until } from '../e2e/harness.ts';
import { allCaptures, oracle, oracleEncode, type Plain } from '../otlp/oracle.ts';
import { difyEmissions, type KeyValue, langfuseTables } from './dify-emissions.ts';
import { listOf } from './model/answer.ts';
import { type RecordingEndpoint, startRecordingEndpoint } from './recording-endpoint.ts';

const key = Buffer.from('pk-lf-public:sk-lf-secret').toString('base64');
const keyValue = oracle.traces.root.lookupType('opentelemetry.proto.common.v1.KeyValue');
const captures = allCaptures().filter(({ name, signal }) => name.startsWith('langfuse-') && signal === 'traces');

let sink: Sink;
let langfuse: RecordingEndpoint;
let gateway: GatewayProcess;

beforeAll(async () => {
  [sink, langfuse] = await Promise.all([strictSink(), startRecordingEndpoint()]);
  gateway = new GatewayProcess(configuration());
  await gateway.start();
}, 60_000);

afterAll(async () => {
  await gateway?.stop();
  await Promise.all([sink?.close(), langfuse?.close()]);
});

/** What has `backend=langfuse` in its resource, or is of Langfuse's SDK, goes to Langfuse; the rest to LangSmith. */
function configuration(): object {
  const isLangfuse = 'resource.attributes["backend"] == "langfuse" or resource.attributes["service.name"] == "langfuse-app"';
  return {
    receivers: { otlp: { protocols: { http: { endpoint: '127.0.0.1:0' } } } },
    connectors: {
      routing: { default_pipelines: ['traces/langsmith'], table: [{ condition: isLangfuse, pipelines: ['traces/langfuse'] }] },
    },
    exporters: {
      'otlp_http/langfuse': { endpoint: `${langfuse.url}/api/public/otel`, headers: { authorization: `Basic ${key}` } },
      langsmith: {
        endpoint: sink.url,
        api_key: 'key',
        sending_queue: { storage: 'memory_storage', durability: 'memory' },
        batch: { flush_timeout: '50ms' },
      },
    },
    extensions: { memory_storage: {} },
    service: {
      extensions: ['memory_storage'],
      telemetry: { metrics: { level: 'none' }, logs: { encoding: 'json' } },
      pipelines: {
        traces: { receivers: ['otlp'], exporters: ['routing'] },
        'traces/langsmith': { receivers: ['routing'], exporters: ['langsmith'] },
        'traces/langfuse': { receivers: ['routing'], exporters: ['otlp_http/langfuse'] },
      },
    },
  };
}

async function send(body: Uint8Array, contentType = 'application/x-protobuf'): Promise<void> {
  const response = await fetch(`${gateway.http}/v1/traces`, {
    method: 'POST',
    headers: { 'content-type': contentType },
    body: Buffer.from(body),
  });
  expect(response.status).toBe(200);
}

const attribute = (name: string, text: string): KeyValue => ({ key: name, value: { stringValue: text } });
const idOf = (index: number): string => Buffer.from(index.toString(16).padStart(16, '1'), 'hex').toString('base64');
const traceId = Buffer.alloc(16, 7).toString('base64');

/** The emissions as the spans of one trace, the first one its root. */
const difySpans: readonly Plain[] = difyEmissions.map(({ name, attributes, message }, index) => ({
  traceId,
  spanId: idOf(index),
  ...(index === 0 ? {} : { parentSpanId: idOf(0) }),
  name,
  kind: 1,
  startTimeUnixNano: `17672256000000000${index + 10}`,
  endTimeUnixNano: `17672256010000000${index + 10}`,
  attributes,
  status: message === undefined ? { code: 1 } : { code: 2, message },
  events: [{ timeUnixNano: '1767225600500000001', name: 'exception', attributes: [attribute('exception.message', 'ü')] }],
  links: [{ traceId, spanId: idOf(99), attributes: [attribute('reason', 'retry')] }],
}));

const difyTraces: Plain = {
  resourceSpans: [
    {
      resource: { attributes: [attribute('service.name', 'dify'), attribute('backend', 'langfuse')] },
      scopeSpans: difySpans.map((span, index) => ({ scope: { name: difyEmissions[index]?.scope }, spans: [span] })),
    },
    {
      resource: { attributes: [attribute('service.name', 'other')] },
      scopeSpans: [
        {
          spans: [
            { traceId, spanId: idOf(500), name: 'other', startTimeUnixNano: '1767225600000000000', endTimeUnixNano: '1767225601000000000' },
          ],
        },
      ],
    },
  ],
};

interface Arrived {
  readonly scope: unknown;
  readonly resource: unknown;
  readonly span: Plain;
}

/** Every span of a request, with its resource and scope, as the .proto files name its fields. */
function spansIn(traces: Plain): Arrived[] {
  return listOf(traces.resourceSpans).flatMap((group) => {
    const { resource, scopeSpans } = group as Plain;
    return listOf(scopeSpans).flatMap((inner) => {
      const { scope, spans } = inner as Plain;
      return listOf(spans).map((span) => ({ resource, scope, span: span as Plain }));
    });
  });
}

const decoded = (body: Uint8Array): Plain => oracle.traces.toObject(oracle.traces.decode(body), { longs: String, bytes: String }) as Plain;
/** As it reads when it has been on the wire: defaults left out. */
const wired = (traces: Plain): Plain => decoded(oracleEncode(oracle.traces, traces));
const arrived = (): Arrived[] => langfuse.requests.flatMap(({ body }) => spansIn(decoded(body)));
const arrivedAs = (id: unknown): Arrived | undefined => arrived().find(({ span }) => span.spanId === id);

describe("Dify's spans", () => {
  beforeAll(async () => {
    await send(oracleEncode(oracle.traces, difyTraces));
    await until(
      () => difySpans.every(({ spanId }) => arrivedAs(spanId) !== undefined) && sink.store.runs().length === 1,
      () => `${arrived().length} spans, ${sink.store.runs().length} runs; ${gateway.troubles.join('\n')}`,
    );
  });

  it("go to Langfuse's path with its key, and nothing else goes there", () => {
    for (const { path, headers } of langfuse.requests) {
      expect(path).toBe('/api/public/otel/v1/traces');
      expect(headers.authorization).toBe(`Basic ${key}`);
      expect(headers['content-type']).toBe('application/x-protobuf');
    }
    expect(arrived().map(({ span }) => span.name)).not.toContain('other');
    expect(sink.store.runs().map(({ fields }) => fields.name)).toEqual(['other']);
    expect(sink.store.violations()).toEqual([]);
  });

  it.each(Object.keys(langfuseTables))('of the trace type %s keep every field that the tables read', (type) => {
    const attributes = listOf(arrived().find(({ span }) => span.name === type)?.span.attributes);
    const names = attributes.map((entry) => (entry as Plain).key);
    expect(names).toEqual(['dify.trace_type', ...(langfuseTables[type] ?? []).map((field) => `dify.${field}`)]);
  });

  it('keep name, times, parent, status, events and links, and each attribute its bytes', () => {
    const bodies = Buffer.concat(langfuse.requests.map(({ body }) => body));
    for (const { span, scope, resource } of spansIn(wired(difyTraces)).slice(0, difySpans.length)) {
      expect(arrivedAs(span.spanId)).toEqual({ span, scope, resource });
      for (const entry of listOf(span.attributes)) expect(bodies.includes(Buffer.from(oracleEncode(keyValue, entry as Plain)))).toBe(true);
    }
  });
});

describe("spans of Langfuse's own SDK", () => {
  it.each(captures)('$name arrive as they were recorded', async ({ body, json }) => {
    await send(body, json ? 'application/json' : 'application/x-protobuf');
    const recorded = spansIn(json ? wired(withBase64Ids(JSON.parse(Buffer.from(body).toString()))) : decoded(body));
    await until(
      () => recorded.every(({ span }) => arrivedAs(span.spanId) !== undefined),
      () => gateway.troubles.join('\n'),
    );
    expect(recorded.length).toBeGreaterThan(0);
    for (const { span, resource, scope } of recorded) expect(arrivedAs(span.spanId)).toEqual({ span, resource, scope });
  });
});

/** OTLP's JSON writes ids as hex, protobuf's JSON, which the oracle reads, as base64. */
function withBase64Ids(value: unknown): Plain {
  const text = JSON.stringify(value, (name, member: unknown) =>
    /^(?:traceId|spanId|parentSpanId)$/.test(name) && typeof member === 'string' ? Buffer.from(member, 'hex').toString('base64') : member,
  );
  return JSON.parse(text) as Plain;
}
