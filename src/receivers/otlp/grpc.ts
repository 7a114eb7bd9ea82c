/**
 * OTLP over gRPC: the three export services, with messages as raw bytes (the decoder is ours). Service definitions by hand: a loader of .proto
 * files would only bring a second protobuf library. Source: OTLP specification 1.11, "OTLP/gRPC".
 */
import grpc, { type ServerUnaryCall, type ServiceDefinition, type sendUnaryData } from '@grpc/grpc-js';
import type { Caller } from '../../model/batch.ts';
import { asBytes } from '../../model/bytes.ts';
import type { Authenticate } from '../../model/component.ts';
import { Fault } from '../../model/fault.ts';
import { exportResponse, statusMessage } from '../../otlp/otlp.ts';
import { codesOf, retryAfterMs, textOf } from './answer.ts';
import type { InFlight } from './body.ts';
import type { GrpcConfig } from './config.ts';
import type { ExportSignal, Exports } from './export.ts';
import { readTlsFiles } from './tls.ts';

export interface GrpcDeps {
  readonly id: string;
  readonly exports: Exports;
  readonly authenticate: Authenticate | undefined;
  readonly inFlight: InFlight;
  readonly now: () => number;
}

const services: Readonly<Record<ExportSignal, string>> = {
  traces: 'opentelemetry.proto.collector.trace.v1.TraceService',
  logs: 'opentelemetry.proto.collector.logs.v1.LogsService',
  metrics: 'opentelemetry.proto.collector.metrics.v1.MetricsService',
};

export class GrpcServer {
  readonly #config: GrpcConfig;
  readonly #deps: GrpcDeps;
  readonly #server: grpc.Server;

  constructor(config: GrpcConfig, deps: GrpcDeps) {
    this.#config = config;
    this.#deps = deps;
    this.#server = new grpc.Server(channelOptions(config));
    for (const signal of Object.keys(services) as ExportSignal[]) {
      if (!deps.exports.takes(signal)) continue;
      this.#server.addService(definition(services[signal]), {
        export: (call: ServerUnaryCall<Buffer, Buffer>, callback: sendUnaryData<Buffer>) => void this.#serve(signal, call, callback),
      });
    }
  }

  /** Resolves with the port; rejects with the error of the bind. */
  listen(address: string): Promise<number> {
    const { tls } = this.#config;
    const credentials = tls ? secure(tls) : grpc.ServerCredentials.createInsecure();
    return new Promise((resolve, reject) => {
      this.#server.bindAsync(address, credentials, (error, port) => (error ? reject(error) : resolve(port)));
    });
  }

  async stop(deadlineMs: number): Promise<void> {
    const stopped = new Promise<void>((resolve) => this.#server.tryShutdown(() => resolve()));
    const timer = setTimeout(() => this.#server.forceShutdown(), Math.max(0, deadlineMs - this.#deps.now()));
    await stopped;
    clearTimeout(timer);
  }

  async #serve(signal: ExportSignal, call: ServerUnaryCall<Buffer, Buffer>, callback: sendUnaryData<Buffer>): Promise<void> {
    const body = call.request;
    try {
      this.#deps.inFlight.take(body.length);
      try {
        const caller = await this.#caller(call);
        const { rejected, message } = await this.#deps.exports.export(signal, asBytes(body), 'protobuf', caller);
        callback(null, Buffer.from(exportResponse(signal, { rejected, message }, 'protobuf')));
      } finally {
        this.#deps.inFlight.release(body.length);
      }
    } catch (error) {
      callback(failure(Fault.of(error)));
    }
  }

  async #caller(call: ServerUnaryCall<Buffer, Buffer>): Promise<Caller> {
    const metadata = new Map<string, readonly string[]>();
    // Binary metadata (`…-bin`) names nothing that is read here.
    for (const name of Object.keys(call.metadata.getMap()))
      metadata.set(
        name,
        call.metadata.get(name).filter((value) => typeof value === 'string'),
      );
    const auth = this.#deps.authenticate ? await this.#deps.authenticate(metadata) : undefined;
    return {
      receiver: this.#deps.id,
      transport: 'grpc',
      address: call.getPeer().replace(/:\d+$/, ''),
      metadata: this.#config.include_metadata ? metadata : new Map(),
      receivedAtMs: this.#deps.now(),
      ...(auth ? { auth } : {}),
    };
  }
}

function definition(service: string): ServiceDefinition {
  const identity = (bytes: Buffer): Buffer => bytes;
  return {
    export: {
      path: `/${service}/Export`,
      requestStream: false,
      responseStream: false,
      requestSerialize: identity,
      requestDeserialize: identity,
      responseSerialize: identity,
      responseDeserialize: identity,
    },
  };
}

/** Retryable faults carry `google.rpc.Status` with RetryInfo, without which clients must not retry RESOURCE_EXHAUSTED. */
function failure(fault: Fault): Partial<grpc.StatusObject> {
  const { grpc: code } = codesOf(fault);
  const details = textOf(fault);
  const retryMs = retryAfterMs(fault);
  const metadata = new grpc.Metadata();
  if (retryMs !== undefined) metadata.set('grpc-status-details-bin', Buffer.from(statusMessage(code, details, retryMs, 'protobuf')));
  return { code, details, metadata };
}

function secure(tls: NonNullable<GrpcConfig['tls']>): grpc.ServerCredentials {
  const { cert, key, ca } = readTlsFiles(tls);
  return grpc.ServerCredentials.createSsl(ca ?? null, [{ cert_chain: cert, private_key: key }], ca !== undefined);
}

function channelOptions({ max_recv_msg_size_mib, max_concurrent_streams, keepalive }: GrpcConfig): grpc.ChannelOptions {
  const server = keepalive?.server_parameters ?? {};
  const policy = keepalive?.enforcement_policy ?? {};
  const options: Record<string, number | undefined> = {
    'grpc.max_receive_message_length': max_recv_msg_size_mib * 2 ** 20,
    'grpc.max_concurrent_streams': max_concurrent_streams,
    'grpc.max_connection_idle_ms': server.max_connection_idle,
    'grpc.max_connection_age_ms': server.max_connection_age,
    'grpc.max_connection_age_grace_ms': server.max_connection_age_grace,
    'grpc.keepalive_time_ms': server.time,
    'grpc.keepalive_timeout_ms': server.timeout,
    'grpc.keepalive_permit_without_calls': policy.permit_without_stream === undefined ? undefined : Number(policy.permit_without_stream),
    'grpc.http2.min_time_between_pings_ms': policy.min_time,
  };
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}
