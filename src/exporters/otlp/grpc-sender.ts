import { createSecureContext } from 'node:tls';
import grpc from '@grpc/grpc-js';
import type { Signal } from '../../model/batch.ts';
import { asBytes } from '../../model/bytes.ts';
import type { Clock } from '../../model/clock.ts';
import { Fault } from '../../model/fault.ts';
import { readPartialSuccess } from '../../otlp/otlp.ts';
import { clientTls } from '../client-tls/client-tls.ts';
import type { Headers } from '../sealing/caller-headers.ts';
import { userAgent } from '../user-agent.ts';
import type { ExportRequest } from './entry.ts';
import { answerOfGrpc } from './grpc-answer.ts';
import { type Answer, answerTo, type HeadersOf, notUnsealed, type Sender, serverText } from './sender.ts';
import type { GrpcSettings } from './settings.ts';

const paths: Readonly<Record<Signal, string>> = {
  traces: '/opentelemetry.proto.collector.trace.v1.TraceService/Export',
  logs: '/opentelemetry.proto.collector.logs.v1.LogsService/Export',
};

/** OTLP over gRPC, over one connection. Messages are raw bytes: the encoding is ours. */
export class GrpcSender implements Sender {
  readonly endpoint: string;
  readonly #client: grpc.Client;
  readonly #headersOf: HeadersOf;
  readonly #timeoutMs: number;
  readonly #clock: Clock;

  /** Throws `GW_START_FAILED` if a TLS file cannot be read, `GW_CONFIG_INVALID` for a header that gRPC does not allow. */
  constructor(settings: GrpcSettings, clock: Clock, headersOf: HeadersOf) {
    const { address, secure } = targetOf(settings);
    this.endpoint = address;
    this.#timeoutMs = settings.timeout;
    this.#clock = clock;
    this.#headersOf = headersOf;
    metadataOf(settings.headers);
    this.#client = new grpc.Client(address, secure ? credentialsOf(settings) : grpc.credentials.createInsecure(), channelOptions(settings));
  }

  takes(): boolean {
    return true;
  }

  async send(request: ExportRequest, stop: AbortSignal): Promise<Answer> {
    const { signal, body } = request;
    const headers = this.#headersOf(request);
    if (!headers) return notUnsealed;
    const metadata = metadataOf(headers);
    const deadline = this.#clock.now() + this.#timeoutMs;
    return new Promise((resolve) => {
      const call = this.#client.makeUnaryRequest(
        paths[signal],
        same,
        same,
        body as unknown as Buffer,
        metadata,
        { deadline },
        (error, answer) => {
          stop.removeEventListener('abort', cancel);
          if (error) {
            const failed = answerOfGrpc(error);
            return resolve(answerTo(request, { ...failed, text: serverText(failed.text, headers) }));
          }
          const { rejected, message } = readPartialSuccess(asBytes(answer ?? Buffer.alloc(0)), 'protobuf');
          resolve({ kind: 'delivered', status: grpc.status.OK, rejected, text: serverText(message, headers) });
        },
      );
      const cancel = (): void => call.cancel();
      stop.addEventListener('abort', cancel, { once: true });
      if (stop.aborted) cancel();
    });
  }

  async close(): Promise<void> {
    this.#client.close();
  }
}

function metadataOf(headers: Headers): grpc.Metadata {
  const metadata = new grpc.Metadata();
  for (const [name, value] of headers) {
    try {
      metadata.set(name, value.reveal());
    } catch {
      // The library's own message quotes the value.
      throw new Fault('GW_CONFIG_INVALID', `cannot use header "${name}": it holds a character that gRPC does not allow`);
    }
  }
  return metadata;
}

const same = (message: Buffer): Buffer => message;

/** A scheme says whether there is TLS; without one `tls::insecure` does (collector configgrpc). */
function targetOf({ endpoint, tls }: GrpcSettings): { readonly address: string; readonly secure: boolean } {
  const scheme = /^https?:\/\//.exec(endpoint)?.[0];
  return { address: endpoint.slice(scheme?.length ?? 0), secure: scheme === undefined ? !tls.insecure : scheme === 'https://' };
}

function credentialsOf({ tls }: GrpcSettings): grpc.ChannelCredentials {
  const { ca, cert, key, minVersion, rejectUnauthorized } = clientTls(tls);
  const context = createSecureContext({ ...(ca ? { ca } : {}), ...(cert ? { cert } : {}), ...(key ? { key } : {}), minVersion });
  return grpc.credentials.createFromSecureContext(context, { rejectUnauthorized });
}

/** HTTP/2 must not give up by itself: waits and retries are the lane's. */
function channelOptions({ compression, keepalive, tls }: GrpcSettings): grpc.ChannelOptions {
  const options: grpc.ChannelOptions = {
    'grpc.primary_user_agent': userAgent,
    'grpc.enable_retries': 0,
    'grpc.initial_reconnect_backoff_ms': 100,
    'grpc.max_reconnect_backoff_ms': 5_000,
    'grpc.default_compression_algorithm': compression === 'gzip' ? grpc.compressionAlgorithms.gzip : grpc.compressionAlgorithms.identity,
  };
  if (tls.server_name_override !== '') options['grpc.ssl_target_name_override'] = tls.server_name_override;
  if (!keepalive) return options;
  return {
    ...options,
    'grpc.keepalive_time_ms': keepalive.time,
    'grpc.keepalive_timeout_ms': keepalive.timeout,
    'grpc.keepalive_permit_without_calls': Number(keepalive.permit_without_stream),
  };
}
