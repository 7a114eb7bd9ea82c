/** A backend that takes OTLP metrics over HTTP and reads them with the official message definitions. */

import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';
import protobuf from 'protobufjs';

interface KeyValue {
  readonly key: string;
  readonly value: { readonly stringValue?: string };
}

interface Point {
  readonly attributes?: readonly KeyValue[];
  readonly asDouble?: number;
  readonly asInt?: string;
  readonly count?: string;
  readonly sum?: number;
  readonly bucketCounts?: readonly string[];
  readonly explicitBounds?: readonly number[];
}

interface Metric {
  readonly name: string;
  readonly unit?: string;
  readonly sum?: { readonly isMonotonic: boolean; readonly aggregationTemporality: string; readonly dataPoints: readonly Point[] };
  readonly gauge?: { readonly dataPoints: readonly Point[] };
  readonly histogram?: { readonly aggregationTemporality: string; readonly dataPoints: readonly Point[] };
}

interface Request {
  readonly resourceMetrics: readonly {
    readonly resource: { readonly attributes: readonly KeyValue[] };
    readonly scopeMetrics: readonly { readonly metrics: readonly Metric[] }[];
  }[];
}

export interface Push {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly resource: Readonly<Record<string, string | undefined>>;
  readonly metrics: ReadonlyMap<string, Metric>;
}

export interface MetricsReceiver {
  readonly url: string;
  readonly pushes: Push[];
  /** What is answered from now on. */
  status: number;
  close(): Promise<void>;
}

const root = new protobuf.Root();
root.resolvePath = (_, target) => new URL(`../../proto/${target}`, import.meta.url).pathname;

export async function startMetricsReceiver(): Promise<MetricsReceiver> {
  await root.load('opentelemetry/proto/collector/metrics/v1/metrics_service.proto');
  const type = root.lookupType('opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest');
  const pushes: Push[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const sent = Buffer.concat(chunks);
    const body = request.headers['content-encoding'] === 'gzip' ? gunzipSync(sent) : sent;
    const { resourceMetrics } = type.toObject(type.decode(body), { longs: String, enums: String }) as unknown as Request;
    pushes.push({
      path: request.url ?? '',
      headers: request.headers,
      resource: Object.fromEntries(
        resourceMetrics.flatMap(({ resource }) => resource.attributes.map(({ key, value }) => [key, value.stringValue])),
      ),
      metrics: new Map(
        resourceMetrics.flatMap(({ scopeMetrics }) => scopeMetrics.flatMap(({ metrics }) => metrics.map((one) => [one.name, one]))),
      ),
    });
    response.writeHead(receiver.status, { 'content-type': 'application/x-protobuf' }).end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const receiver: MetricsReceiver = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    pushes,
    status: 200,
    close: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
  return receiver;
}
