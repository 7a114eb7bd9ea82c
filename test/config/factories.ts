/** Component types as the real ones describe themselves, with every kind of setting that the loader must understand. */
import { z } from 'zod';
import { byteSize, duration, endpoint, headers, secret, texts } from '../../src/config/fields.ts';
import type { AnyFactory } from '../../src/config/load.ts';

const server = z.strictObject({
  endpoint: endpoint.prefault('localhost:4318').describe('Where to listen.'),
  max_request_body_size: byteSize.prefault('64MiB').describe('Largest body.'),
  include_metadata: z.boolean().default(false).describe('Headers travel with the data.'),
  read_timeout: duration.prefault('30s').describe('How long a request may take to arrive.'),
});

const otlp = z
  .strictObject({
    protocols: z.strictObject({
      http: server
        .nullable()
        .optional()
        .transform((given) => given ?? (given === null ? server.parse({}) : undefined)),
      grpc: z
        .strictObject({ endpoint: endpoint.prefault('localhost:4317'), max_recv_msg_size_mib: z.int().positive().default(64) })
        .optional(),
    }),
  })
  .refine(({ protocols }) => Object.values(protocols).some((one) => one !== undefined), {
    error: 'must specify at least one protocol when using the OTLP receiver',
  });

const langsmith = z.strictObject({
  endpoint: z.string().default('https://api.smith.langchain.com').describe('Base URL.'),
  api_key: secret.describe('Key of the account.'),
  project: z.string().default('default').describe('Project of runs that name none.'),
  compression: z.enum(['zstd', 'gzip', 'none']).default('zstd').describe('Encoding of what is sent.'),
  timeout: duration.prefault('30s').describe('For one attempt.'),
  headers: headers.optional().describe('Sent with every request.'),
  sending_queue: z
    .strictObject({
      storage: z.string().optional().describe('A storage extension.'),
      queue_size: byteSize.prefault('1GiB').describe('High-water mark.'),
      num_consumers: z.int().positive().default(8).describe('Uploads at a time.'),
    })
    .prefault({}),
});

const action = z.strictObject({ key: z.string(), action: z.enum(['insert', 'update', 'upsert', 'delete']), value: z.unknown().optional() });

function factory(kind: AnyFactory['kind'], type: string, schema: z.ZodType, more: Partial<AnyFactory> = {}): AnyFactory {
  return {
    kind,
    type,
    aliases: [],
    summary: `The ${type} ${kind}.`,
    signals: ['traces', 'logs'],
    stability: 'beta',
    schema,
    create: undefined,
    ...more,
  };
}

export const factories: readonly AnyFactory[] = [
  factory('receiver', 'otlp', otlp, { summary: 'OTLP over HTTP and gRPC.' }),
  factory('processor', 'attributes', z.strictObject({ actions: z.array(action).min(1, 'missing required field "actions"') })),
  factory(
    'processor',
    'filter',
    z.strictObject({ error_mode: z.enum(['ignore', 'silent', 'propagate']).default('ignore'), trace_conditions: texts.optional() }),
    {
      signals: ['traces'],
    },
  ),
  factory('exporter', 'langsmith', langsmith, { summary: 'Runs of LangSmith.', signals: ['traces'] }),
  factory('exporter', 'otlp_http', z.strictObject({ endpoint: z.string(), headers: headers.optional() }), { aliases: ['otlphttp'] }),
  factory('exporter', 'debug', z.strictObject({ verbosity: z.enum(['basic', 'normal', 'detailed']).default('basic') })),
  factory('connector', 'forward', z.strictObject({})),
  factory('extension', 'health_check', z.strictObject({ endpoint: endpoint.prefault('localhost:13133') }), { signals: [] }),
  factory('extension', 'file_storage', z.strictObject({ directory: z.string(), fsync: z.boolean().default(true) }), { signals: [] }),
];
