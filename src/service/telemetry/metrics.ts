/**
 * The metrics, under the Collector's exact names and labels (its receiverhelper, processorhelper and exporterhelper documentation; counters carry no
 * `_total`, as in its default set-up), and our own under `spanway_`. Every metric stands in this table; nobody else makes one.
 */
import { AggregatorRegistry, Counter, Gauge, Registry } from 'prom-client';

const items = { traces: 'spans', logs: 'log_records', metrics: 'metric_points' } as const;
export type CountedSignal = keyof typeof items;

interface Kind {
  readonly name: string;
  readonly help: string;
  readonly labels: readonly string[];
}

const counters = {
  accepted: {
    name: 'otelcol_receiver_accepted_',
    help: 'Items that a receiver took and a pipeline held.',
    labels: ['receiver', 'transport'],
  },
  refused: { name: 'otelcol_receiver_refused_', help: 'Items that were not taken.', labels: ['receiver', 'transport'] },
  sent: { name: 'otelcol_exporter_sent_', help: 'Items that the destination has.', labels: ['exporter'] },
  sendFailed: { name: 'otelcol_exporter_send_failed_', help: 'Items in attempts to send that failed.', labels: ['exporter'] },
  enqueueFailed: { name: 'otelcol_exporter_enqueue_failed_', help: 'Items that the journal could not hold.', labels: ['exporter'] },
} as const satisfies Record<string, Kind>;

const single = {
  incoming: { name: 'otelcol_processor_incoming_items', help: 'Items into a processor.', labels: ['processor', 'otel_signal'] },
  outgoing: { name: 'otelcol_processor_outgoing_items', help: 'Items out of a processor.', labels: ['processor', 'otel_signal'] },
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
  dropped: { name: 'spanway_dropped_items', help: 'Items that were left out on purpose.', labels: ['component', 'reason'] },
  stored: { name: 'spanway_stored_items', help: 'Items that the journal holds or held.', labels: ['exporter'] },
  storedBytes: { name: 'spanway_stored_bytes', help: 'Bytes appended to the journal.', labels: ['exporter'] },
  duplicate: { name: 'spanway_duplicate_items', help: 'Re-sent items that were recognised.', labels: ['exporter'] },
  delivered: { name: 'spanway_delivered_items', help: 'Runs that the destination has.', labels: ['exporter'] },
  uploads: { name: 'spanway_uploads', help: 'Upload requests by answer; status 0 means none came.', labels: ['exporter', 'status'] },
  uploadBytes: { name: 'spanway_upload_bytes', help: 'Upload bodies before compression.', labels: ['exporter'] },
  uploadCompressedBytes: { name: 'spanway_upload_compressed_bytes', help: 'Upload bodies as sent.', labels: ['exporter'] },
  deadLettered: { name: 'spanway_dead_lettered_items', help: 'Runs kept as dead letters.', labels: ['exporter', 'reason'] },
  orphans: { name: 'spanway_orphans', help: 'Runs whose parent did not come in time.', labels: ['exporter', 'policy'] },
} as const satisfies Record<string, Kind>;

/** What an exporter with a journal tells of itself, read whenever the metrics are. */
export interface ExporterState {
  readonly queueBytes: number;
  readonly queueBytesMax: number;
  readonly waiting: number;
  /** stored − delivered − dead-lettered − waiting: anything but 0 is a bug. */
  readonly imbalance: number;
}

type Name = keyof typeof single;
type PerSignal = keyof typeof counters;

export class Metrics {
  readonly #registry = new Registry();
  readonly #single = new Map<string, Counter>();
  readonly #perSignal = new Map<string, Counter>();
  readonly #states = new Map<string, () => ExporterState>();

  constructor(startedAtMs: number, now: () => number) {
    const registers = [this.#registry];
    for (const { name, help, labels } of Object.values<Kind>(single)) {
      this.#single.set(name, new Counter({ name, help, labelNames: [...labels], registers }));
    }
    for (const { name, help, labels } of Object.values<Kind>(counters)) {
      for (const noun of Object.values(items)) {
        this.#perSignal.set(name + noun, new Counter({ name: name + noun, help, labelNames: [...labels], registers }));
      }
    }
    const ofJournal = { labels: { data_type: 'traces' }, aggregator: 'max' } as const;
    this.#gauge('otelcol_exporter_queue_size', 'Bytes in the journal.', (state) => state.queueBytes, ofJournal);
    this.#gauge('otelcol_exporter_queue_capacity', 'Bytes that the journal takes.', (state) => state.queueBytesMax, ofJournal);
    this.#gauge('spanway_waiting_items', 'Stored items that are neither delivered nor dead-lettered yet.', (state) => state.waiting);
    this.#gauge(
      'spanway_conservation_imbalance',
      'Stored minus delivered, dead-lettered and waiting: 0, or there is a bug.',
      (state) => state.imbalance,
    );
    this.#process('otelcol_process_uptime', 'Seconds since the start.', () => (now() - startedAtMs) / 1_000, 'max');
    this.#process('otelcol_process_cpu_seconds', 'CPU seconds, user and system.', () => {
      const { user, system } = process.cpuUsage();
      return (user + system) / 1e6;
    });
    this.#process('otelcol_process_memory_rss', 'Resident memory, bytes.', () => process.memoryUsage.rss());
    this.#process('otelcol_process_runtime_heap_alloc_bytes', 'Bytes of the JavaScript heap in use.', () => process.memoryUsage().heapUsed);
  }

  add(name: Name, labels: Record<string, string>, amount: number): void {
    if (amount > 0) this.#single.get(single[name].name)?.inc(labels, amount);
  }

  addPerSignal(name: PerSignal, signal: CountedSignal, labels: Record<string, string>, amount: number): void {
    if (amount > 0) this.#perSignal.get(counters[name].name + items[signal])?.inc(labels, amount);
  }

  /** Lets the gauges of an exporter be read; `undefined` takes it out (after a reload). */
  watchExporter(exporter: string, state: (() => ExporterState) | undefined): void {
    if (state) this.#states.set(exporter, state);
    else this.#states.delete(exporter);
  }

  /** In a worker: lets the supervisor ask for them. */
  answerSupervisor(): void {
    new AggregatorRegistry();
    AggregatorRegistry.setRegistries([this.#registry]);
  }

  /** Prometheus text exposition. */
  text(): Promise<string> {
    return this.#registry.metrics();
  }

  /** `aggregator` is for several workers, whose journal is one and the same. */
  #gauge(
    name: string,
    help: string,
    read: (state: ExporterState) => number,
    { labels = {}, aggregator = 'sum' }: { readonly labels?: Record<string, string>; readonly aggregator?: 'sum' | 'max' } = {},
  ): void {
    const states = this.#states;
    new Gauge({
      name,
      help,
      labelNames: ['exporter', ...Object.keys(labels)],
      registers: [this.#registry],
      aggregator,
      collect() {
        this.reset();
        for (const [exporter, state] of states) this.set({ exporter, ...labels }, read(state()));
      },
    });
  }

  #process(name: string, help: string, read: () => number, aggregator: 'sum' | 'max' = 'sum'): void {
    new Gauge({
      name,
      help,
      aggregator,
      registers: [this.#registry],
      collect() {
        this.set(read());
      },
    });
  }
}
