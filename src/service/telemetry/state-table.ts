/** Metrics that are read from what they tell of: exporters with a journal, the gateway as a whole, and its process. */
import type { Backlog } from '../factories.ts';
import type { ReadKind } from './metric-kind.ts';

/** What an exporter with a journal tells of itself. */
export interface ExporterState {
  readonly queueBytes: number;
  readonly queueBytesMax: number;
  readonly waiting: number;
  /** stored − delivered − dead-lettered − waiting: anything but 0 is a bug. */
  readonly imbalance: number;
  readonly partitions: number;
  readonly partitionsOwned: number;
  readonly damaged: number;
  /** Of an exporter that assembles traces. */
  readonly backlog?: Backlog | undefined;
}

const exporter = ['exporter'] as const;
/** The Collector names the queue by the data that goes through it; a journal holds all of an exporter's. */
const queue = ['exporter', 'data_type'] as const;

export const exporterStates: readonly ReadKind<ExporterState>[] = [
  {
    name: 'otelcol_exporter_queue_size',
    type: 'gauge',
    help: 'Bytes in the journal: what is not delivered yet, dead letters, and the index of recent traces.',
    labels: queue,
    overWorkers: 'max',
    read: ({ queueBytes }) => queueBytes,
  },
  {
    name: 'otelcol_exporter_queue_capacity',
    type: 'gauge',
    help: 'Bytes that the journal takes.',
    labels: queue,
    overWorkers: 'max',
    read: ({ queueBytesMax }) => queueBytesMax,
  },
  {
    name: 'spanway_waiting_items',
    type: 'gauge',
    help: 'Stored items that are neither delivered nor dead-lettered yet, in the partitions that this process owns.',
    labels: exporter,
    read: ({ waiting }) => waiting,
  },
  {
    name: 'spanway_parked_items',
    type: 'gauge',
    help: 'Those of them that wait in the journal for a parent, a span or log records.',
    labels: exporter,
    read: ({ backlog }) => backlog?.parked,
  },
  {
    name: 'spanway_parked_overdue_seconds',
    type: 'gauge',
    help: 'How long the time of the first parked item has been over: about 0, or nobody ends its waiting.',
    labels: exporter,
    unit: 'seconds',
    overWorkers: 'max',
    read: ({ backlog }) => backlog && backlog.overdueMs / 1_000,
  },
  {
    name: 'spanway_oldest_waiting_age_seconds',
    type: 'gauge',
    help: 'How long ago the oldest item was stored that waits for a parent, a span or log records, parked or still in memory; 0 if none waits. Of parked items within ten seconds.',
    labels: exporter,
    unit: 'seconds',
    overWorkers: 'max',
    read: ({ backlog }) => backlog && backlog.waitingMs / 1_000,
  },
  {
    name: 'spanway_waiting_batches',
    type: 'gauge',
    help: 'Sealed batches that are not settled.',
    labels: exporter,
    read: ({ backlog }) => backlog?.batches,
  },
  {
    name: 'spanway_oldest_batch_age_seconds',
    type: 'gauge',
    help: 'How long ago the oldest batch was sealed that is not settled.',
    labels: exporter,
    unit: 'seconds',
    overWorkers: 'max',
    read: ({ backlog }) => backlog && backlog.oldestMs / 1_000,
  },
  {
    name: 'spanway_partitions',
    type: 'gauge',
    help: 'Partitions of the journal.',
    labels: exporter,
    overWorkers: 'max',
    read: ({ partitions }) => partitions,
  },
  {
    name: 'spanway_partitions_owned',
    type: 'gauge',
    help: 'Partitions that this process holds the lease of. Over all processes the sum is `spanway_partitions`, but for moments of handover.',
    labels: exporter,
    read: ({ partitionsOwned }) => partitionsOwned,
  },
  {
    name: 'spanway_damaged_records',
    type: 'counter',
    help: 'Records of the journal that could not be read back as they were written.',
    labels: exporter,
    read: ({ damaged }) => damaged,
  },
  {
    name: 'spanway_conservation_imbalance',
    type: 'gauge',
    help: 'Stored minus delivered, dead-lettered and waiting: 0, or there is a bug.',
    labels: exporter,
    read: ({ imbalance }) => imbalance,
  },
];

/** Of this process. */
export interface ProcessState {
  readonly uptimeMs: number;
  readonly cpuMicros: number;
  readonly memory: NodeJS.MemoryUsage;
}

export const processStates: readonly ReadKind<ProcessState>[] = [
  {
    name: 'otelcol_process_uptime',
    type: 'counter',
    help: 'Time since the start.',
    labels: [],
    unit: 'seconds',
    overWorkers: 'max',
    read: ({ uptimeMs }) => uptimeMs / 1_000,
  },
  {
    name: 'otelcol_process_cpu_seconds',
    type: 'counter',
    help: 'CPU time, user and system.',
    labels: [],
    unit: 'seconds',
    read: ({ cpuMicros }) => cpuMicros / 1e6,
  },
  {
    name: 'otelcol_process_memory_rss',
    type: 'gauge',
    help: 'Resident memory.',
    labels: [],
    unit: 'bytes',
    read: ({ memory }) => memory.rss,
  },
  {
    name: 'otelcol_process_runtime_heap_alloc_bytes',
    type: 'gauge',
    help: 'Bytes of the JavaScript heap in use.',
    labels: [],
    unit: 'bytes',
    read: ({ memory }) => memory.heapUsed,
  },
  {
    name: 'otelcol_process_runtime_total_sys_memory_bytes',
    type: 'gauge',
    help: 'Bytes that the runtime has from the system: the JavaScript heap, and buffers outside of it.',
    labels: [],
    unit: 'bytes',
    read: ({ memory }) => memory.heapTotal + memory.external,
  },
];

/** Of the gateway as a whole. */
export interface GatewayState {
  readonly ready: boolean;
  /** How many degraded states each component is in; those in none are left out. */
  readonly degraded: ReadonlyMap<string, number>;
}

export const readyKind = {
  name: 'spanway_ready',
  type: 'gauge',
  help: '1 while receivers listen and journals accept, else 0.',
  labels: [],
  overWorkers: 'min',
} as const;

export const degradedKind = {
  name: 'spanway_degraded',
  type: 'gauge',
  help: 'Degraded states of a component, as `/status` of the health check tells them in words.',
  labels: ['component'],
} as const;

export const targetInfoKind = {
  name: 'target_info',
  type: 'gauge',
  help: 'Always 1; its labels are the attributes of `service::telemetry::resource`.',
  labels: ['service_name', 'service_version', 'service_instance_id'],
  overWorkers: 'max',
} as const;
