/** The metrics of this process. What there is stands in `metric-table.ts` (counted as things happen) and `state-table.ts` (read when asked for). */
import { AggregatorRegistry, Gauge, Registry } from 'prom-client';
import { bareNames, exposition } from './exposition.ts';
import type { MetricKind } from './metric-kind.ts';
import { counters, histograms, levels, perSignal, signalNouns } from './metric-table.ts';
import { type CounterSeries, type HistogramSeries, type Labels, SeriesCounter, SeriesHistogram } from './series.ts';
import {
  degradedKind,
  type ExporterState,
  exporterStates,
  type GatewayState,
  processStates,
  readyKind,
  targetInfoKind,
} from './state-table.ts';

export type { ExporterState } from './state-table.ts';

export type CountedSignal = keyof typeof signalNouns;

/** The metrics with their values, as data: what workers send to their supervisor, and what is pushed. */
export type MetricsData = Awaited<ReturnType<Registry['getMetricsAsJSON']>>;

const noGateway: GatewayState = { ready: false, degraded: new Map() };

export class Metrics {
  readonly #registry = new Registry();
  readonly #counters = new Map<string, SeriesCounter>();
  readonly #histograms = new Map<string, SeriesHistogram>();
  readonly #gauges = new Map<string, Gauge>();
  readonly #exporters = new Map<string, () => ExporterState>();
  readonly #startedAtMs: number;
  readonly #now: () => number;
  #gateway: () => GatewayState = () => noGateway;

  constructor(startedAtMs: number, now: () => number) {
    this.#startedAtMs = startedAtMs;
    this.#now = now;
    for (const kind of Object.values<MetricKind>(counters)) this.#counter(kind);
    for (const kind of Object.values<MetricKind>(perSignal))
      for (const noun of Object.values(signalNouns)) this.#counter({ ...kind, name: kind.name + noun });
    for (const kind of Object.values<MetricKind>(histograms))
      this.#histograms.set(kind.name, new SeriesHistogram({ ...this.#settings(kind), buckets: [...(kind.buckets ?? [])] }));
    for (const kind of [...Object.values<MetricKind>(levels), readyKind, degradedKind]) this.#gauge(kind);
    for (const kind of [...exporterStates, ...processStates]) if (kind.type === 'counter') this.#counter(kind);
    for (const kind of [...exporterStates, ...processStates]) if (kind.type === 'gauge') this.#gauge(kind);
  }

  add(name: keyof typeof counters, labels: Labels, amount: number): void {
    if (amount > 0) this.#counters.get(counters[name].name)?.inc(labels, amount);
  }

  /** Also 0, so that a failure that did not happen yet is there as a series, as in the Collector. */
  addPerSignal(name: keyof typeof perSignal, signal: CountedSignal, labels: Labels, amount: number): void {
    this.#counters.get(perSignal[name].name + signalNouns[signal])?.inc(labels, amount);
  }

  observe(name: keyof typeof histograms, labels: Labels, value: number): void {
    this.histogramSeries(name, labels).observe(value);
  }

  /** For what happens so often that its series should be found once; likewise the next two. */
  counterSeries(name: keyof typeof counters, labels: Labels): CounterSeries {
    return (this.#counters.get(counters[name].name) as SeriesCounter).series(labels);
  }

  signalSeries(name: keyof typeof perSignal, signal: CountedSignal, labels: Labels): CounterSeries {
    return (this.#counters.get(perSignal[name].name + signalNouns[signal]) as SeriesCounter).series(labels);
  }

  histogramSeries(name: keyof typeof histograms, labels: Labels): HistogramSeries {
    return (this.#histograms.get(histograms[name].name) as SeriesHistogram).series(labels);
  }

  change(name: keyof typeof levels, labels: Labels, by: number): void {
    this.#gauges.get(levels[name].name)?.inc(labels, by);
  }

  /** Lets the state of an exporter be read; `undefined` takes it out (after a reload). */
  watchExporter(exporter: string, state: (() => ExporterState) | undefined): void {
    if (state) this.#exporters.set(exporter, state);
    else this.#exporters.delete(exporter);
  }

  watchGateway(state: () => GatewayState): void {
    this.#gateway = state;
  }

  /** What `target_info` tells. Names are written as Prometheus wants them. */
  describe(resource: ReadonlyMap<string, string>): void {
    this.#registry.removeSingleMetric(targetInfoKind.name);
    const labels = Object.fromEntries([...resource].map(([name, value]) => [name.replace(/[^A-Za-z0-9_]/g, '_'), value]));
    new Gauge(this.#settings({ ...targetInfoKind, labels: Object.keys(labels) })).set(labels, 1);
  }

  data(): Promise<MetricsData> {
    this.#read();
    return this.#registry.getMetricsAsJSON();
  }

  /** As Prometheus reads them, with bare names. */
  async text(): Promise<string> {
    return exposition(await this.data(), bareNames);
  }

  #counter(kind: MetricKind): void {
    this.#counters.set(kind.name, new SeriesCounter(this.#settings(kind)));
  }

  #gauge(kind: MetricKind): void {
    this.#gauges.set(kind.name, new Gauge(this.#settings(kind)));
  }

  #settings({ name, help, labels, overWorkers = 'sum' }: MetricKind) {
    return { name, help, labelNames: [...labels], registers: [this.#registry], aggregator: overWorkers };
  }

  #read(): void {
    const states = [...this.#exporters].map(([exporter, state]) => ({ exporter, state: state() }));
    for (const kind of exporterStates) {
      const typed: Labels = kind.labels.includes('data_type') ? { data_type: 'traces' } : {};
      const values = states.map(({ exporter, state }) => ({ labels: { exporter, ...typed }, value: kind.read(state) }));
      this.#write(kind, values);
    }
    const { user, system } = process.cpuUsage();
    const state = { uptimeMs: Math.max(0, this.#now() - this.#startedAtMs), cpuMicros: user + system, memory: process.memoryUsage() };
    for (const kind of processStates) this.#write(kind, [{ labels: {}, value: kind.read(state) }]);
    const { ready, degraded } = this.#gateway();
    this.#write(readyKind, [{ labels: {}, value: ready ? 1 : 0 }]);
    const counts = [...degraded].map(([component, value]) => ({ labels: { component }, value }));
    this.#write(degradedKind, counts);
  }

  #write({ name }: Pick<MetricKind, 'name'>, series: readonly { readonly labels: Labels; readonly value: number | undefined }[]): void {
    const metric = this.#counters.get(name) ?? this.#gauges.get(name);
    metric?.reset();
    for (const { labels, value } of series) if (value !== undefined) metric?.inc(labels, value);
  }
}

/** What several workers make together, each metric in its own way. */
export function together(workers: readonly MetricsData[]): Promise<MetricsData> {
  return AggregatorRegistry.aggregate([...workers]).getMetricsAsJSON();
}
