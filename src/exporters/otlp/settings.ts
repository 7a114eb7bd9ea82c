/** Settings of `otlp_http` and `otlp_grpc`: the Collector's names, shapes and defaults (its confighttp, configgrpc, exporterhelper), with our own where they are wider. */
import { z } from 'zod';
import { byteSize, duration, headers, parseBytes } from '../../config/fields.ts';
import { clientTlsFields, clientTlsSchema } from '../client-tls/settings.ts';
import { auth, keySealing } from '../sealing/settings.ts';

const tls = clientTlsSchema({
  insecure: z.boolean().prefault(false).describe('gRPC without TLS. HTTP says it with `http://`.'),
  ...clientTlsFields,
}).prefault({});

/** A number counts requests, as in the Collector, unless `sizer` says otherwise; a text with a unit is a size. */
const queueSize = z
  .union([
    z.int().min(1),
    z.string().refine((text) => parseBytes(text) !== undefined, { error: 'expected a number or a text such as "1GiB"' }),
  ])
  .prefault('1GiB')
  .describe('What may wait; beyond it new data is refused for now. A plain number counts requests unless `sizer` says otherwise.');

const sendingQueue = z
  .strictObject({
    enabled: z.boolean().prefault(true).describe('Without a queue each request is sent once, and its sender gets the answer.'),
    storage: z
      .string()
      .min(1)
      .optional()
      .describe('The storage extension that keeps the journal. Without one the queue is in memory and ends with the process.'),
    durability: z
      .enum(['memory', 'disk', 'redis', 'redis_fsync', 'redis_replica'])
      .optional()
      .describe('What must hold before data is acknowledged; the weakest durable level of the storage by default.'),
    queue_size: queueSize,
    sizer: z.enum(['bytes', 'items', 'requests']).optional().describe('What a plain number in `queue_size` counts.'),
    num_consumers: z.int().min(1).max(256).prefault(10).describe('Requests at the same time.'),
    batch: z.unknown().optional().describe('Without effect: requests go out as they came, or split to `max_request_bytes`.'),
    block_on_overflow: z
      .boolean()
      .optional()
      .describe('Without effect: a full queue answers at once that it is full, and the sender tries again.'),
    wait_for_result: z.boolean().optional().describe('Without effect: who wants to wait for the backend sets `enabled: false`.'),
  })
  .prefault({});

const retryOnFailure = z
  .strictObject({
    enabled: z.boolean().prefault(true).describe('Off: what fails once becomes a dead letter.'),
    initial_interval: duration.prefault('5s').describe('First wait after a failure.'),
    randomization_factor: z.number().min(0).max(1).prefault(0.5).describe('Share of the wait that is random.'),
    multiplier: z.number().min(1).prefault(1.5).describe('Growth of the wait.'),
    max_interval: duration.prefault('30s').describe('Longest wait.'),
    max_elapsed_time: duration
      .optional()
      .describe(
        'What failed for longer becomes a dead letter; 0 = never. Without it: never if there is a storage, else 5m as in the Collector.',
      ),
  })
  .prefault({});

const shared = {
  headers: headers.prefault({}).describe('Additional request headers.'),
  auth,
  key_sealing: keySealing,
  tls,
  sending_queue: sendingQueue,
  retry_on_failure: retryOnFailure,
};
const bytesMax = byteSize
  .prefault('2MiB')
  .describe('A request above this is split, because a gRPC server takes 4 MiB by default; a single item is never cut.');
const url = z
  .string()
  .regex(/^https?:\/\/[^\s/]/, { error: 'expected a URL such as "https://collector.example.com:4318"' })
  .meta({ examples: ['https://collector.example.com:4318'] });

export const httpSchema = z
  .strictObject({
    endpoint: url.optional().describe('Base URL; `/v1/traces` or `/v1/logs` is appended. If it is there already it is not doubled.'),
    traces_endpoint: url.optional().describe('Full URL of traces, taken as it is.'),
    logs_endpoint: url.optional().describe('Full URL of logs, taken as it is.'),
    compression: z.enum(['gzip', 'zstd', 'none']).prefault('gzip').describe('How requests are compressed.'),
    encoding: z.enum(['proto', 'json']).prefault('proto').describe('Protobuf, or JSON for a backend that takes nothing else.'),
    timeout: duration.prefault('30s').describe('Longest time of one request.'),
    max_request_bytes: bytesMax,
    ...shared,
  })
  .refine((given) => given.endpoint !== undefined || given.traces_endpoint !== undefined || given.logs_endpoint !== undefined, {
    error: 'at least one endpoint must be specified: endpoint, traces_endpoint or logs_endpoint',
  });

export const grpcSchema = z.strictObject({
  endpoint: z
    .string()
    .regex(/^(?:https?:\/\/|dns:\/\/\/)?(?:\[[0-9A-Fa-f:.]+\]|[^:\s[\]/]+):\d{1,5}$/, {
      error: 'expected "host:port", for example "collector.example.com:4317"',
    })
    .describe('`host:port`; with `http://` before it the connection has no TLS.')
    .meta({ examples: ['collector.example.com:4317'] }),
  compression: z
    .enum(['gzip', 'none'], { error: 'expected "gzip" or "none": gRPC of this runtime has no other compression' })
    .prefault('gzip')
    .describe('How requests are compressed.'),
  timeout: duration.prefault('5s').describe('Longest time of one request.'),
  keepalive: z
    .strictObject({
      time: duration.prefault('10s').describe('Time without traffic after which the connection is pinged.'),
      timeout: duration.prefault('20s').describe('How long the answer may take.'),
      permit_without_stream: z.boolean().prefault(false).describe('Pings also while no request is under way.'),
    })
    .optional()
    .describe('gRPC keep-alive of the client.'),
  max_request_bytes: bytesMax,
  ...shared,
});

export type HttpSettings = z.output<typeof httpSchema>;
export type GrpcSettings = z.output<typeof grpcSchema>;
/** What the queue needs to know; both exporters have it. */
export type QueueSettings = Pick<HttpSettings, 'sending_queue' | 'retry_on_failure' | 'max_request_bytes'>;
/** What headers depend on. */
export type HeaderSettings = Pick<HttpSettings, 'headers' | 'auth' | 'key_sealing' | 'sending_queue'>;
