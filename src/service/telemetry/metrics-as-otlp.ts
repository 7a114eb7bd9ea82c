/** Metrics as the OpenTelemetry SDK hands them to an exporter (data model of metrics: cumulative sums, gauges, histograms with explicit bounds). */
import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  AggregationTemporality,
  type DataPoint,
  DataPointType,
  type Histogram,
  type MetricData,
  type ResourceMetrics,
} from '@opentelemetry/sdk-metrics';
import type { MetricsData } from './metrics.ts';
import { unitOf } from './reference.ts';

type Metric = MetricsData[number];
type Attributes = Record<string, string>;
/** `[seconds, nanoseconds]` */
type Time = [number, number];

const scope = { name: 'spanway' };
/** The numeric value of `ValueType.DOUBLE`. */
const double = 1;
const unitSymbols: Readonly<Record<string, string>> = { seconds: 's', bytes: 'By' };

export function toResourceMetrics(
  metrics: MetricsData,
  resource: ReadonlyMap<string, string>,
  startedAtMs: number,
  nowMs: number,
): ResourceMetrics {
  const start = timeOf(startedAtMs);
  const end = timeOf(nowMs);
  // What `target_info` says is the resource itself.
  const told = metrics.filter(({ name, values }) => name !== 'target_info' && values.length > 0);
  return {
    resource: resourceFromAttributes(Object.fromEntries(resource)),
    scopeMetrics: [{ scope, metrics: told.map((metric) => toMetric(metric, start, end)) }],
  };
}

function toMetric(metric: Metric, startTime: Time, endTime: Time): MetricData {
  const descriptor = { name: metric.name, description: metric.help, unit: unitSymbols[unitOf(metric.name) ?? ''] ?? '', valueType: double };
  const shared = { descriptor, aggregationTemporality: AggregationTemporality.CUMULATIVE };
  if (`${metric.type}` === 'histogram')
    return { ...shared, dataPointType: DataPointType.HISTOGRAM, dataPoints: histogramPoints(metric, startTime, endTime) };
  const dataPoints = metric.values.map(({ labels, value }) => ({ startTime, endTime, attributes: attributesOf(labels), value }));
  if (`${metric.type}` === 'counter') return { ...shared, dataPointType: DataPointType.SUM, isMonotonic: true, dataPoints };
  return { ...shared, dataPointType: DataPointType.GAUGE, dataPoints };
}

/** Prometheus has a series for each bound, counting all below it; OTLP has the counts between the bounds. */
function histogramPoints({ name, values }: Metric, startTime: Time, endTime: Time): DataPoint<Histogram>[] {
  const series = new Map<string, { attributes: Attributes; below: [bound: number, count: number][]; sum: number; count: number }>();
  for (const value of values) {
    const { le, ...labels } = value.labels;
    const key = JSON.stringify(labels);
    let one = series.get(key);
    if (!one) series.set(key, (one = { attributes: attributesOf(labels), below: [], sum: 0, count: 0 }));
    const suffix = (value as { readonly metricName?: string }).metricName?.slice(name.length);
    if (suffix === '_sum') one.sum = value.value;
    else if (suffix === '_count') one.count = value.value;
    else if (le !== '+Inf') one.below.push([Number(le), value.value]);
  }
  return [...series.values()].map(({ attributes, below, sum, count }) => {
    below.sort(([one], [other]) => one - other);
    const counts = [...below.map(([, value]) => value), count];
    const buckets = { boundaries: below.map(([bound]) => bound), counts: counts.map((value, at) => value - (counts[at - 1] ?? 0)) };
    return { startTime, endTime, attributes, value: { buckets, sum, count } };
  });
}

function attributesOf(labels: Readonly<Record<string, string | number | undefined>>): Attributes {
  return Object.fromEntries(Object.entries(labels).map(([name, value]) => [name, `${value}`]));
}

function timeOf(ms: number): Time {
  return [Math.floor(ms / 1_000), (ms % 1_000) * 1e6];
}
