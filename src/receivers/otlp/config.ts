/** Settings of the `otlp` receiver: the Collector's names and shapes (its otlpreceiver, confighttp and configgrpc), with our own limits where they are wider. */
import { z } from 'zod';
import { byteSize, duration, endpoint, texts } from '../../config/fields.ts';
import { tlsSchema } from './tls/config.ts';

/** What SDKs make of an endpoint: LangSmith's own path, Langfuse's, and the doubled one. */
const defaultPaths = ['/', '/otel/v1/traces', '/api/v1/otel/v1/traces', '/api/public/otel/v1/traces', '/v1/traces/v1/traces'];

const auth = z.strictObject({ authenticator: z.string().min(1).describe('Id of the extension that checks requests.') });

/** What both protocols have. */
const listener = {
  tls: tlsSchema.optional().describe('Certificates: the connection is then encrypted.'),
  auth: auth.optional(),
  middlewares: z
    .array(z.strictObject({ id: z.string().min(1) }))
    .max(8)
    .default([])
    .describe('Ids of limiter extensions that are asked how much a sender may send.'),
  max_connections: z.int().positive().default(10_000).describe('Connections at the same time; further ones are closed.'),
  max_connections_per_address: z
    .int()
    .positive()
    .optional()
    .describe('Likewise, of one address (of IPv6: of one /64). Without it half of `max_connections`.'),
  read_timeout: duration.default(60_000).describe('Longest time to send one request.'),
  body_idle_timeout: duration.default(10_000).describe('A request of whose body nothing comes for so long is cut off.'),
};

const path = z.string().transform((text) => (text.startsWith('/') ? text : `/${text}`));

const cors = z.strictObject({
  allowed_origins: texts.default([]).describe('Origins that may post from a browser; `*` stands for any text.'),
  allowed_headers: texts.default([]).describe('Request headers beyond the safelisted ones; `*` for any.'),
  exposed_headers: texts.default([]).describe('Answer headers that scripts may read.'),
  max_age: z.int().nonnegative().optional().describe('Seconds that a browser may keep the preflight answer.'),
});

export const httpSchema = z.strictObject({
  endpoint: endpoint.default('localhost:4318').describe('Where to listen.'),
  ...listener,
  cors: cors.optional().describe('Lets browsers post.'),
  traces_url_path: path.default('/v1/traces'),
  logs_url_path: path.default('/v1/logs'),
  metrics_url_path: path.default('/v1/metrics'),
  extra_trace_paths: texts.default(defaultPaths).describe('Further paths that take traces.'),
  include_metadata: z.boolean().default(true).describe('Request headers travel with the data; project, key and tenant are read from them.'),
  max_request_body_size: byteSize.default(64 * 2 ** 20).describe('Largest body, before and after decompression.'),
  max_in_flight_bytes: byteSize
    .default(512 * 2 ** 20)
    .describe('Bytes of requests held at the same time, of gRPC too, as they came and decompressed; requests beyond it get 429.'),
  oversize_status: z
    .union([z.literal(413), z.literal(400)])
    .default(413)
    .describe('Answer to a body that is too large. The Collector says 400, the specification 413.'),
  response_headers: z.record(z.string(), z.string()).default({}).describe('Added to every answer.'),
  read_header_timeout: duration.default(20_000).describe('Longest time for the TLS handshake, and to send the headers.'),
  idle_timeout: duration.default(75_000).describe('A kept connection without a request is closed after this time.'),
  keep_alives_enabled: z.boolean().default(true),
});

export const grpcSchema = z.strictObject({
  endpoint: endpoint.default('localhost:4317').describe('Where to listen.'),
  ...listener,
  include_metadata: z.boolean().default(true).describe('Request metadata travels with the data; project, key and tenant are read from it.'),
  max_recv_msg_size_mib: z.int().positive().max(2_047).default(64).describe('Largest message, after decompression, in MiB.'),
  max_concurrent_streams: z.int().positive().default(1_000).describe('Calls at the same time on one connection.'),
  handshake_timeout: duration.default(20_000).describe('Longest time until a connection has said that it speaks HTTP/2, TLS included.'),
  keepalive: z
    .strictObject({
      server_parameters: z
        .strictObject({
          max_connection_idle: duration.optional().describe('A connection without a call is closed after this time.'),
          max_connection_age: duration.optional().describe('A connection takes no more calls after this time.'),
          max_connection_age_grace: duration.optional().describe('How long the calls that it then has may take.'),
          time: duration.prefault('5m').describe('A connection without a call for so long is asked whether it is alive.'),
          timeout: duration.prefault('20s').describe('How long the answer may take.'),
        })
        .prefault({}),
      enforcement_policy: z
        .strictObject({
          min_time: duration.optional().describe('Clients that ask more often than this whether the connection is alive are cut off.'),
          permit_without_stream: z.boolean().optional().describe('Without effect: such questions are answered.'),
        })
        .prefault({}),
    })
    .prefault({})
    .describe('gRPC keep-alive of the server.'),
});

export const receiverSchema = z
  .strictObject({
    protocols: z
      .strictObject({ grpc: grpcSchema.nullable().optional(), http: httpSchema.nullable().optional() })
      .transform(({ grpc, http }) => ({
        // A protocol that is named without settings is on, with all defaults.
        grpc: grpc === null ? grpcSchema.parse({}) : grpc,
        http: http === null ? httpSchema.parse({}) : http,
      }))
      .prefault({})
      .meta({ description: 'At least one of them must be named.', minProperties: 1 }),
    unsupported_signals: z
      .enum(['accept_and_drop', 'reject'])
      .default('accept_and_drop')
      .describe(
        'What happens to metrics, and to logs without a pipeline: answered with success, counted and dropped; or refused, which makes SDKs log an error at every interval.',
      ),
  })
  .refine(({ protocols: { grpc, http } }) => grpc !== undefined || http !== undefined, {
    error: 'must specify at least one protocol when using the OTLP receiver',
  })
  // Absent is refused in the Collector's words; an editor is told that it must be there.
  .meta({ required: ['protocols'] });

export type HttpConfig = z.output<typeof httpSchema>;
export type GrpcConfig = z.output<typeof grpcSchema>;
export type ReceiverConfig = z.output<typeof receiverSchema>;
