import { z } from 'zod';
import { byteSize, duration, headers } from '../../config/fields.ts';
import { clientTlsFields, clientTlsSchema } from '../client-tls/settings.ts';
import { destinationSettings } from './destinations/settings.ts';

/** What a user writes under `exporters::langsmith`. */
export const schema = z.strictObject({
  endpoint: z
    .string()
    .prefault('https://api.smith.langchain.com')
    .describe('Base URL of LangSmith or of a server that speaks its API; `/api/v1`, `/otel` and a trailing slash are understood.'),
  ...destinationSettings,
  compression: z
    .enum(['zstd', 'gzip', 'none'])
    .prefault('zstd')
    .describe('How requests are compressed, if the server says that it can read it.'),
  timeout: duration.prefault('30s').describe('Longest time of one request.'),
  headers: headers.prefault({}).describe('Additional request headers.'),
  tls: clientTlsSchema(clientTlsFields).prefault({}).describe('TLS to the server.'),
  sending_queue: z
    .strictObject({
      storage: z.string().prefault('file_storage').describe('The storage extension that keeps the journal.'),
      durability: z
        .enum(['memory', 'disk', 'redis', 'redis_fsync', 'redis_replica'])
        .prefault('disk')
        .describe('What must hold before a span is acknowledged; a storage that cannot give it stops the start.'),
      queue_size: byteSize.prefault('1GiB').describe('Bytes in the journal beyond which new data is refused for now.'),
      num_consumers: z.int().min(1).max(256).prefault(8).describe('Requests at the same time, per destination.'),
    })
    .prefault({}),
  retry_on_failure: z
    .strictObject({
      initial_interval: duration.prefault('1s').describe('First wait after a failure.'),
      multiplier: z.number().min(1).prefault(1.5).describe('Growth of the wait.'),
      randomization_factor: z.number().min(0).max(1).prefault(0.5).describe('Share of the wait that is random.'),
      max_interval: duration.prefault('30s').describe('Longest wait.'),
      max_elapsed_time: duration.prefault('0').describe('A batch that failed for longer becomes dead letters; 0 = never.'),
    })
    .prefault({}),
  batch: z
    .strictObject({
      flush_timeout: duration.prefault('500ms').describe('A batch is sealed at the latest this long after its first span came.'),
      max_operations: z.int().min(1).prefault(100).describe('Runs in a batch; the server may allow fewer.'),
      max_bytes: byteSize.prefault('20MiB').describe('Bytes of a batch before compression; the server may allow fewer.'),
    })
    .prefault({}),
  assembly: z
    .strictObject({
      remote_parent_wait: duration.prefault('30s').describe('How long a span waits for a parent in another process.'),
      local_parent_wait: duration.prefault('1h').describe('How long a span waits for a parent in its own process.'),
      on_missing_parent: z
        .enum(['promote', 'synthetic_root', 'dead_letter'])
        .prefault('promote')
        .describe('What becomes of a span whose parent did not come: a root of its own, a child of a root made for it, or a dead letter.'),
      late_window: duration.prefault('10m').describe('How long after its last run a trace still takes late spans in.'),
      log_join_window: duration
        .prefault('10s')
        .describe(
          'How long a span whose content travels as log records waits for them, and late ones for each other; 0 = not at all. What comes later becomes content of its run, its tokens and parameters an event; what the run cannot take any more, a run below it.',
        ),
      synthesize_from_logs: z
        .boolean()
        .prefault(false)
        .describe(
          'Whether log records of Claude Code, Codex and Gemini CLI that are in no trace become runs: one trace per prompt, or per conversation where they name no prompt.',
        ),
    })
    .prefault({}),
  inline_media_max: byteSize
    .prefault('1MiB')
    .describe('Base64 media of more bytes than this leave the messages of a run and become its attachments.'),
  dify: z
    .strictObject({
      usage_owner: z
        .enum(['message', 'leaf'])
        .prefault('message')
        .describe("Which of Dify's runs carries tokens that several of them tell: the message, or the model calls inside of it."),
    })
    .prefault({}),
  run_id_mode: z
    .enum(['langsmith', 'otel_trace_root'])
    .prefault('langsmith')
    .describe('`langsmith`: run ids are made from span ids. `otel_trace_root`: the root run takes the trace id.'),
});

export type Settings = z.output<typeof schema>;
