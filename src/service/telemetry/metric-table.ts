/**
 * Every metric there is: nobody makes one that does not stand here. `docs/metrics.md` is made from this table.
 * Names and labels of `otelcol_…` are the Collector's (documentation of its receiverhelper, processorhelper, exporterhelper, service and of the
 * processors); `spanway_…` are our own. Labels hold what the configuration names, or a closed set of words, so nothing that comes in makes a new
 * series; redaction bounds its fields itself.
 */
import type { MetricKind } from './metric-kind.ts';

/** Powers of two from 128 B to 16 MiB: the Collector's for sizes in bytes. */
const byteBuckets = Array.from({ length: 18 }, (_, power) => 128 * 2 ** power);
const itemBuckets = [1, 5, 10, 25, 50, 75, 100, 250, 500, 750, 1_000, 2_000, 5_000, 10_000];
const durationBuckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];
const shortDurationBuckets = [0.00001, 0.000025, 0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.05, 0.25, 1];

/** What names end with where the Collector counts each signal by itself. */
export const signalNouns = { traces: 'spans', logs: 'log_records', metrics: 'metric_points' } as const;

/** What the Collector counts for each signal by itself: the name ends with `spans`, `log_records` or `metric_points`. */
export const perSignal = {
  accepted: {
    name: 'otelcol_receiver_accepted_',
    help: 'Items that a receiver took and a pipeline held.',
    labels: ['receiver', 'transport'],
  },
  refused: {
    name: 'otelcol_receiver_refused_',
    help: 'Items that were not taken, for whatever reason: the client knows.',
    labels: ['receiver', 'transport'],
  },
  limiterAccepted: {
    name: 'otelcol_processor_memory_limiter_accepted_',
    help: 'Items that the memory limiter let through.',
    labels: ['processor'],
  },
  limiterRefused: {
    name: 'otelcol_processor_memory_limiter_refused_',
    help: 'Items that the memory limiter refused.',
    labels: ['processor'],
  },
  formerLimiterAccepted: {
    name: 'otelcol_processor_accepted_',
    help: 'The same as `otelcol_processor_memory_limiter_accepted_…`, under the name that older dashboards ask for.',
    labels: ['processor'],
  },
  formerLimiterRefused: {
    name: 'otelcol_processor_refused_',
    help: 'The same as `otelcol_processor_memory_limiter_refused_…`, under the name that older dashboards ask for.',
    labels: ['processor'],
  },
  sent: { name: 'otelcol_exporter_sent_', help: 'Items that the destination has.', labels: ['exporter'] },
  sendFailed: {
    name: 'otelcol_exporter_send_failed_',
    help: 'Items in attempts to send that failed; they stay in the journal or become dead letters.',
    labels: ['exporter'],
  },
  enqueueFailed: { name: 'otelcol_exporter_enqueue_failed_', help: 'Items that the journal could not hold.', labels: ['exporter'] },
} as const satisfies Record<string, MetricKind>;

export const counters = {
  requests: {
    name: 'otelcol_receiver_requests',
    help: 'Export requests by outcome: `success`, `refused` (by what stands behind the receiver) or `failure` (an internal error).',
    labels: ['receiver', 'transport', 'outcome'],
  },
  incoming: { name: 'otelcol_processor_incoming_items', help: 'Items into a processor.', labels: ['processor', 'otel_signal'] },
  outgoing: { name: 'otelcol_processor_outgoing_items', help: 'Items out of a processor.', labels: ['processor', 'otel_signal'] },
  filteredSpans: { name: 'otelcol_processor_filter_spans_filtered', help: 'Spans that a filter dropped.', labels: ['processor'] },
  filteredLogs: { name: 'otelcol_processor_filter_logs_filtered', help: 'Log records that a filter dropped.', labels: ['processor'] },
  tracesSampled: {
    name: 'otelcol_processor_probabilistic_sampler_count_traces_sampled',
    help: 'Spans that a probabilistic sampler decided on, by what the decision rests on.',
    labels: ['processor', 'policy', 'sampled'],
  },
  logsSampled: {
    name: 'otelcol_processor_probabilistic_sampler_count_logs_sampled',
    help: 'Log records that a probabilistic sampler decided on, by what the decision rests on.',
    labels: ['processor', 'policy', 'sampled'],
  },
  received: {
    name: 'spanway_received_items',
    help: 'Items that were decoded, whatever became of them.',
    labels: ['receiver', 'transport', 'signal'],
  },
  rejected: {
    name: 'spanway_rejected_items',
    help: 'Items that were individually bad, answered as partial success.',
    labels: ['receiver', 'transport', 'signal'],
  },
  unsupported: {
    name: 'spanway_unsupported_items',
    help: 'Items that were answered with success and dropped, because no pipeline takes them.',
    labels: ['signal'],
  },
  dropped: {
    name: 'spanway_dropped_items',
    help: 'Items that were left out on purpose: `filtered`, `sampled_out`, or `unjoined` (log records that no run shows).',
    labels: ['component', 'reason'],
  },
  sampled: {
    name: 'spanway_sampled_items',
    help: 'Items that a sampler decided on, by the rule that decided and by what it decided.',
    labels: ['processor', 'rule', 'sampled'],
  },
  redactions: {
    name: 'spanway_redactions',
    help: 'What redaction removed, by the rule or detector and by the field; at most 200 fields are told apart.',
    labels: ['processor', 'rule', 'field'],
  },
  stored: { name: 'spanway_stored_items', help: 'Items that the journal holds or held.', labels: ['exporter'] },
  storedBytes: { name: 'spanway_stored_bytes', help: 'Bytes appended to the journal.', labels: ['exporter'], unit: 'bytes' },
  duplicate: { name: 'spanway_duplicate_items', help: 'Re-sent items that were recognised.', labels: ['exporter'] },
  joined: { name: 'spanway_joined_log_records', help: 'Log records that went into the runs of their spans.', labels: ['exporter'] },
  delivered: { name: 'spanway_delivered_items', help: 'Items that the destination has.', labels: ['exporter'] },
  uploads: { name: 'spanway_uploads', help: 'Upload requests by answer; status 0 means none came.', labels: ['exporter', 'status'] },
  uploadBytes: { name: 'spanway_upload_bytes', help: 'Upload bodies before compression.', labels: ['exporter'], unit: 'bytes' },
  uploadCompressedBytes: { name: 'spanway_upload_compressed_bytes', help: 'Upload bodies as sent.', labels: ['exporter'], unit: 'bytes' },
  deadLettered: {
    name: 'spanway_dead_lettered_items',
    help: 'Items that became dead letters: `rejected`, `too_large`, `expired`, `corrupt`, `conflict` or `orphan`.',
    labels: ['exporter', 'reason'],
  },
  orphans: { name: 'spanway_orphans', help: 'Runs whose parent did not come in time, by what was done.', labels: ['exporter', 'policy'] },
} as const satisfies Record<string, MetricKind>;

export const histograms = {
  processed: {
    name: 'otelcol_processor_internal_duration',
    help: 'How long a processor worked on a batch.',
    labels: ['processor', 'otel_signal'],
    unit: 'seconds',
    buckets: shortDurationBuckets,
  },
  enqueueSize: {
    name: 'otelcol_exporter_enqueue_size',
    help: 'Items of a request when it went into the journal.',
    labels: ['exporter'],
    buckets: itemBuckets,
  },
  enqueueSizeBytes: {
    name: 'otelcol_exporter_enqueue_size_bytes',
    help: 'Bytes of a request as they went into the journal.',
    labels: ['exporter'],
    unit: 'bytes',
    buckets: byteBuckets,
  },
  batchSendSize: {
    name: 'otelcol_exporter_queue_batch_send_size',
    help: 'Items of a batch that was sent.',
    labels: ['exporter'],
    buckets: itemBuckets,
  },
  batchSendSizeBytes: {
    name: 'otelcol_exporter_queue_batch_send_size_bytes',
    help: 'Bytes of a batch as it was sent.',
    labels: ['exporter'],
    unit: 'bytes',
    buckets: byteBuckets,
  },
  acknowledged: {
    name: 'spanway_acknowledge_duration_seconds',
    help: 'From a complete request body to its success: decoding, processors, conversion and the journal.',
    labels: ['receiver', 'transport'],
    unit: 'seconds',
    buckets: durationBuckets,
  },
  appended: {
    name: 'spanway_append_duration_seconds',
    help: 'How long the journal took to hold what an exporter gave it, until it was as durable as declared.',
    labels: ['exporter'],
    unit: 'seconds',
    buckets: durationBuckets,
  },
  uploaded: {
    name: 'spanway_upload_duration_seconds',
    help: 'How long an upload request took, until its answer was read.',
    labels: ['exporter'],
    unit: 'seconds',
    buckets: durationBuckets,
  },
  loopDelay: {
    name: 'spanway_event_loop_delay_seconds',
    help: 'How late a timer fired that was set every 100 ms: how long everything else waits for the event loop.',
    labels: [],
    unit: 'seconds',
    buckets: durationBuckets,
  },
} as const satisfies Record<string, MetricKind & { readonly buckets: readonly number[] }>;

/** Up and down as things happen. */
export const levels = {
  inFlight: { name: 'otelcol_exporter_in_flight_requests', help: 'Upload requests that wait for their answer.', labels: ['exporter'] },
} as const satisfies Record<string, MetricKind>;
