/** A backend that takes OTLP spans over HTTP and reads them with the official message definitions. */

import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';
import protobuf from 'protobufjs';

interface KeyValue {
  readonly key: string;
  readonly value: { readonly stringValue?: string; readonly intValue?: string };
}

interface Request {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes: readonly KeyValue[] };
    readonly scopeSpans: readonly {
      readonly scope: { readonly name: string };
      readonly spans: readonly {
        readonly name: string;
        readonly startTimeUnixNano: string;
        readonly endTimeUnixNano: string;
        readonly attributes?: readonly KeyValue[];
        readonly status?: { readonly code?: string; readonly message?: string };
      }[];
    }[];
  }[];
}

export interface ReceivedSpan {
  readonly name: string;
  readonly scope: string;
  readonly attributes: Readonly<Record<string, string | number>>;
  readonly resource: Readonly<Record<string, string | number>>;
  readonly startNanos: bigint;
  readonly endNanos: bigint;
  /** Message of an error; '' = none. */
  readonly error: string;
}

export interface TracesReceiver {
  readonly url: string;
  readonly spans: ReceivedSpan[];
  readonly requests: { readonly path: string; readonly headers: IncomingHttpHeaders; readonly body: Buffer }[];
  /** What is answered from now on. */
  status: number;
  close(): Promise<void>;
}

const root = new protobuf.Root();
root.resolvePath = (_, target) => new URL(`../../proto/${target}`, import.meta.url).pathname;

const valuesOf = (attributes: readonly KeyValue[] = []): Record<string, string | number> =>
  Object.fromEntries(attributes.map(({ key, value }) => [key, value.stringValue ?? Number(value.intValue)]));

export async function startTracesReceiver(): Promise<TracesReceiver> {
  await root.load('opentelemetry/proto/collector/trace/v1/trace_service.proto');
  const type = root.lookupType('opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest');
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const sent = Buffer.concat(chunks);
    const body = request.headers['content-encoding'] === 'gzip' ? gunzipSync(sent) : sent;
    receiver.requests.push({ path: request.url ?? '', headers: request.headers, body });
    const { resourceSpans } = type.toObject(type.decode(body), { longs: String, enums: String }) as unknown as Request;
    if (receiver.status === 200) receiver.spans.push(...spansOf(resourceSpans));
    response.writeHead(receiver.status, { 'content-type': 'application/x-protobuf' }).end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const receiver: TracesReceiver = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    spans: [],
    requests: [],
    status: 200,
    close: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
  return receiver;
}

function spansOf(resourceSpans: Request['resourceSpans']): ReceivedSpan[] {
  return resourceSpans.flatMap(({ resource, scopeSpans }) =>
    scopeSpans.flatMap(({ scope, spans }) =>
      spans.map(({ name, attributes, status, startTimeUnixNano, endTimeUnixNano }) => ({
        name,
        scope: scope.name,
        attributes: valuesOf(attributes),
        resource: valuesOf(resource.attributes),
        startNanos: BigInt(startTimeUnixNano),
        endNanos: BigInt(endTimeUnixNano),
        error: status?.code === 'STATUS_CODE_ERROR' ? (status.message ?? '') : '',
      })),
    ),
  );
}
