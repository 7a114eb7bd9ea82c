/** A real gateway with its pages on free ports, over a configuration that a test changes. */

import { formatProblem, loadConfig } from '../../src/config/load.ts';
import { factories } from '../../src/service/components.ts';
import { type Gateway, startGateway } from '../../src/service/gateway.ts';
import { freePort } from '../free-port.ts';

export interface RunningGateway {
  readonly gateway: Gateway;
  readonly url: string;
  readonly lines: string[];
  readonly healthUrl: string;
  readonly metricsUrl: string;
}

interface Document {
  readonly [section: string]: object;
}

/** With `health_check` added, and the metrics page, which `metrics` and `health` may say more about. */
export async function startGatewayWithPages(document: Document, metrics: object = {}, health: object = {}): Promise<RunningGateway> {
  const healthPort = await freePort();
  const { extensions = {}, service = {} } = document as {
    readonly extensions?: object;
    readonly service?: { readonly extensions?: string[] };
  };
  const whole = {
    ...document,
    extensions: { ...extensions, health_check: { endpoint: `127.0.0.1:${healthPort}`, ...health } },
    service: {
      ...service,
      extensions: [...(service.extensions ?? []), 'health_check'],
      telemetry: { metrics: { readers: [{ pull: { exporter: { prometheus: { host: '127.0.0.1', port: 0 } } } }], ...metrics } },
    },
  };
  const loaded = await loadConfig({ uris: [`yaml:${JSON.stringify(whole)}`], sets: [], env: {}, factories });
  if (!loaded.ok) throw new Error(loaded.problems.map(formatProblem).join('\n'));
  const lines: string[] = [];
  const gateway = await startGateway(loaded.config, {
    emit: (level, sentence, facts) => void lines.push(`${level} ${sentence} ${JSON.stringify(facts)}`),
  });
  const { http } = gateway.service.receivers.get('otlp')?.addresses() ?? {};
  return {
    gateway,
    lines,
    url: `http://127.0.0.1:${http?.port}`,
    healthUrl: `http://127.0.0.1:${healthPort}`,
    metricsUrl: `http://127.0.0.1:${gateway.metricsPort}/metrics`,
  };
}

const hex = (value: number, digits: number): string => value.toString(16).padStart(digits, '0');

export interface SpanOptions {
  readonly first?: number;
  readonly parent?: string;
  readonly attributes?: readonly object[];
  readonly name?: string;
}

/** `count` spans, each the root of its own trace unless `parent` says otherwise. Resolves to the status of the answer. */
export async function sendSpans(
  url: string,
  count: number,
  { first = 1, parent, attributes = [], name = 'span' }: SpanOptions = {},
): Promise<number> {
  const spans = Array.from({ length: count }, (_, index) => ({
    traceId: hex(first + index, 32),
    spanId: hex(first + index, 16),
    ...(parent === undefined ? {} : { parentSpanId: parent }),
    name,
    kind: 1,
    startTimeUnixNano: '1767225600000000000',
    endTimeUnixNano: '1767225601000000000',
    attributes,
  }));
  return send(url, 'traces', JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans }] }] }));
}

export async function sendLogs(url: string, count: number): Promise<number> {
  const logRecords = Array.from({ length: count }, () => ({ timeUnixNano: '1767225600000000000', body: { stringValue: 'x' } }));
  return send(url, 'logs', JSON.stringify({ resourceLogs: [{ scopeLogs: [{ logRecords }] }] }));
}

async function send(url: string, signal: string, body: string): Promise<number> {
  const response = await fetch(`${url}/v1/${signal}`, { method: 'POST', body, headers: { 'content-type': 'application/json' } });
  await response.arrayBuffer();
  return response.status;
}
