/** The independent reading of OTLP that ours is compared with: protobufjs over the pinned .proto files. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import protobuf from 'protobufjs';
import { asBytes, type Bytes } from '../../src/model/bytes.ts';

const folder = join(import.meta.dirname, '../../proto');
const root = new protobuf.Root();
root.resolvePath = (_origin, target) => join(folder, target);
root.loadSync([
  'opentelemetry/proto/collector/trace/v1/trace_service.proto',
  'opentelemetry/proto/collector/logs/v1/logs_service.proto',
  'opentelemetry/proto/collector/metrics/v1/metrics_service.proto',
  'google-rpc.proto',
]);

const collector = 'opentelemetry.proto.collector';
export const oracle = {
  traces: root.lookupType(`${collector}.trace.v1.ExportTraceServiceRequest`),
  logs: root.lookupType(`${collector}.logs.v1.ExportLogsServiceRequest`),
  metrics: root.lookupType(`${collector}.metrics.v1.ExportMetricsServiceRequest`),
  traceAnswer: root.lookupType(`${collector}.trace.v1.ExportTraceServiceResponse`),
  logsAnswer: root.lookupType(`${collector}.logs.v1.ExportLogsServiceResponse`),
  status: root.lookupType('spanway.rpc.Status'),
  retryInfo: root.lookupType('spanway.rpc.RetryInfo'),
};

export type Plain = { readonly [name: string]: unknown };

export function oracleEncode(type: protobuf.Type, plain: Plain): Bytes {
  return asBytes(Buffer.from(type.encode(type.fromObject(plain)).finish()));
}

export interface Capture {
  readonly name: string;
  readonly signal: 'traces' | 'logs';
  readonly json: boolean;
  readonly body: Bytes;
}

const captures = join(import.meta.dirname, '../../../shared/captures');

/** Every recorded request, decompressed and without its gRPC frame. */
export function allCaptures(): Capture[] {
  const found: Capture[] = [];
  for (const entry of readdirSync(captures, { withFileTypes: true })) {
    if (!entry.isDirectory()) continue;
    for (const file of readdirSync(join(captures, entry.name)).sort()) {
      const match = /\.(traces|logs)\.(pb|json|grpc)(\.gz)?$/.exec(file);
      if (match === null) continue;
      const raw = readFileSync(join(captures, entry.name, file));
      const bodies = match[2] === 'grpc' ? frames(raw) : [match[3] === undefined ? raw : gunzipSync(raw)];
      const signal = match[1] as Capture['signal'];
      for (const body of bodies) found.push({ name: `${entry.name}/${file}`, signal, json: match[2] === 'json', body: asBytes(body) });
    }
  }
  return found;
}

/** The messages of a gRPC stream: a flag, four bytes of length, the message. */
function frames(stream: Buffer): Buffer[] {
  const messages: Buffer[] = [];
  for (let at = 0; at < stream.length; ) {
    const length = stream.readUInt32BE(at + 1);
    const message = stream.subarray(at + 5, at + 5 + length);
    messages.push(stream[at] === 1 ? gunzipSync(message) : message);
    at += 5 + length;
  }
  return messages;
}
