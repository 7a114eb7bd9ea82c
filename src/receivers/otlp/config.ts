/** Settings of the `otlp` receiver: the Collector's names and shapes (its otlpreceiver, confighttp and configgrpc), with our own limits where they are wider. */
import { z } from 'zod';
import { byteSize, duration, endpoint, texts } from '../../config/fields.ts';

/** What SDKs make of an endpoint: LangSmith's own path, Langfuse's, and the doubled one. */
const defaultPaths = ['/', '/otel/v1/traces', '/api/v1/otel/v1/traces', '/api/public/otel/v1/traces', '/v1/traces/v1/traces'];

const tls = z.strictObject({
  cert_file: z.string().min(1).describe('The server certificate, PEM.'),
  key_file: z.string().min(1).describe('Its private key, PEM.'),
  client_ca_file: z.string().min(1).optional().describe('Client certificates must be signed by this CA (mutual TLS).'),
  min_version: z.enum(['1.2', '1.3']).default('1.2').describe('Oldest TLS version.'),
});

const auth = z.strictObject({ authenticator: z.string().min(1).describe('Id of the extension that checks requests.') });

const path = z.string().transform((text) => (text.startsWith('/') ? text : `/${text}`));

const cors = z.strictObject({
  allowed_origins: texts.default([]).describe('Origins that may post from a browser; `*` stands for any text.'),
  allowed_headers: texts.default([]).describe('Request headers beyond the safelisted ones; `*` for any.'),
  exposed_headers: texts.default([]).describe('Answer headers that scripts may read.'),
  max_age: z.int().nonnegative().optional().describe('Seconds that a browser may keep the preflight answer.'),
});

export const httpSchema = z.strictObject({
  endpoint: endpoint.default('localhost:4318').describe('Where to listen.'),
  tls: tls.optional().describe('Serves HTTPS instead of HTTP.'),
  auth: auth.optional(),
  cors: cors.optional().describe('Lets browsers post.'),
  traces_url_path: path.default('/v1/traces'),
  logs_url_path: path.default('/v1/logs'),
  metrics_url_path: path.default('/v1/metrics'),
  extra_trace_paths: texts.default(defaultPaths).describe('Further paths that take traces.'),
  include_metadata: z.boolean().default(true).describe('Request headers travel with the data; project, key and tenant are read from them.'),
  max_request_body_size: byteSize.default(64 * 2 ** 20).describe('Largest body, before and after decompression.'),
  max_in_flight_bytes: byteSize
    .default(512 * 2 ** 20)
    .describe('Bytes of request bodies held at the same time; requests beyond it get 429.'),
  max_connections: z.int().positive().default(10_000).describe('Connections at the same time; further ones are closed.'),
  oversize_status: z
    .union([z.literal(413), z.literal(400)])
    .default(413)
    .describe('Answer to a body that is too large. The Collector says 400, the specification 413.'),
  response_headers: z.record(z.string(), z.string()).default({}).describe('Added to every answer.'),
  read_timeout: duration.default(60_000).describe('Longest time to send one request.'),
  read_header_timeout: duration.default(20_000).describe('Longest time to send the headers.'),
  idle_timeout: duration.default(75_000).describe('A kept connection without a request is closed after this time.'),
  keep_alives_enabled: z.boolean().default(true),
});

export const grpcSchema = z.strictObject({
  endpoint: endpoint.default('localhost:4317').describe('Where to listen.'),
  tls: tls.optional(),
  auth: auth.optional(),
  include_metadata: z.boolean().default(true).describe('Request metadata travels with the data; project, key and tenant are read from it.'),
  max_recv_msg_size_mib: z.int().positive().max(2_047).default(64).describe('Largest message, after decompression, in MiB.'),
  max_concurrent_streams: z.int().positive().default(1_000).describe('Calls at the same time on one connection.'),
  keepalive: z
    .strictObject({
      server_parameters: z
        .strictObject({
          max_connection_idle: duration.optional(),
          max_connection_age: duration.optional(),
          max_connection_age_grace: duration.optional(),
          time: duration.optional(),
          timeout: duration.optional(),
        })
        .optional(),
      enforcement_policy: z.strictObject({ min_time: duration.optional(), permit_without_stream: z.boolean().optional() }).optional(),
    })
    .optional()
    .describe('gRPC keep-alive of the server.'),
});

export const receiverSchema = z.strictObject({
  protocols: z
    .strictObject({ grpc: grpcSchema.nullable().optional(), http: httpSchema.nullable().optional() })
    .refine(({ grpc, http }) => grpc !== undefined || http !== undefined, {
      error: 'must specify at least one protocol when using the OTLP receiver',
    })
    .transform(({ grpc, http }) => ({
      // A protocol that is named without settings is on, with all defaults.
      grpc: grpc === null ? grpcSchema.parse({}) : grpc,
      http: http === null ? httpSchema.parse({}) : http,
    })),
  unsupported_signals: z
    .enum(['accept_and_drop', 'reject'])
    .default('accept_and_drop')
    .describe(
      'What happens to metrics, and to logs without a pipeline: answered with success, counted and dropped; or refused, which makes SDKs log an error at every interval.',
    ),
});

export type HttpConfig = z.output<typeof httpSchema>;
export type GrpcConfig = z.output<typeof grpcSchema>;
export type TlsConfig = z.output<typeof tls>;
export type ReceiverConfig = z.output<typeof receiverSchema>;
