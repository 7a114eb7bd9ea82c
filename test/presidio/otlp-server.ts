/** An OTLP/HTTP backend that keeps what came, and requests with one span or log record. */
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export type Json = Readonly<Record<string, unknown>>;

interface AnyValue {
  readonly stringValue?: string;
  readonly intValue?: string;
  readonly arrayValue?: { readonly values?: readonly AnyValue[] };
  readonly kvlistValue?: { readonly values?: readonly Pair[] };
}

interface Pair {
  readonly key: string;
  readonly value: AnyValue;
}

export class OtlpServer {
  last: unknown;
  requests = 0;
  status = 200;
  readonly #server: Server;

  private constructor() {
    this.#server = createServer(async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      this.requests++;
      this.last = JSON.parse(Buffer.concat(chunks).toString());
      response.writeHead(this.status, { 'content-type': 'application/json' }).end('{}');
    });
  }

  static async start(): Promise<OtlpServer> {
    const self = new OtlpServer();
    self.#server.listen(0, '127.0.0.1');
    await once(self.#server, 'listening');
    return self;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Of the span that came last. */
  attributes(): Json {
    const { resourceSpans } = this.last as { resourceSpans: { scopeSpans: { spans: { attributes: Pair[] }[] }[] }[] };
    return plainMap(resourceSpans[0]?.scopeSpans[0]?.spans[0]?.attributes ?? []);
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }
}

function plainMap(pairs: readonly Pair[]): Json {
  return Object.fromEntries(pairs.map(({ key, value }) => [key, plain(value)]));
}

function plain({ stringValue, intValue, arrayValue, kvlistValue }: AnyValue): unknown {
  if (arrayValue) return (arrayValue.values ?? []).map(plain);
  if (kvlistValue) return plainMap(kvlistValue.values ?? []);
  return stringValue ?? Number(intValue);
}

function anyValueOf(value: unknown): AnyValue {
  if (typeof value === 'string') return { stringValue: value };
  if (Array.isArray(value)) return { arrayValue: { values: value.map(anyValueOf) } };
  if (typeof value === 'object') return { kvlistValue: { values: pairsOf(value as Json) } };
  return { intValue: `${value}` };
}

const pairsOf = (map: Json): Pair[] => Object.entries(map).map(([key, value]) => ({ key, value: anyValueOf(value) }));

export function request(attributes: Json, signal: 'traces' | 'logs'): unknown {
  const ids = { traceId: '4bf92f3577b34da6a3ce929d0e0e4736', spanId: '00f067aa0ba902b7' };
  if (signal === 'logs') return { resourceLogs: [{ scopeLogs: [{ logRecords: [{ ...ids, attributes: pairsOf(attributes) }] }] }] };
  const span = { ...ids, name: 'chat', startTimeUnixNano: '1', endTimeUnixNano: '2', attributes: pairsOf(attributes) };
  return { resourceSpans: [{ scopeSpans: [{ spans: [span] }] }] };
}
