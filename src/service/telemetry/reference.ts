/** All metrics as one list, and `docs/metrics.md`, which is made from it. */
import type { MetricKind, MetricType, TypedKind } from './metric-kind.ts';
import { counters, histograms, levels, perSignal, signalNouns } from './metric-table.ts';
import { degradedKind, exporterStates, processStates, readyKind, targetInfoKind } from './state-table.ts';

const typed = (kinds: Iterable<MetricKind>, type: MetricType): TypedKind[] => [...kinds].map((kind) => ({ ...kind, type }));

/** Every metric, by name. */
export const allMetrics: ReadonlyMap<string, TypedKind> = new Map(
  [
    ...typed(Object.values<MetricKind>(counters), 'counter'),
    ...Object.values<MetricKind>(perSignal).flatMap((kind) =>
      typed(
        Object.values(signalNouns).map((noun) => ({ ...kind, name: kind.name + noun })),
        'counter',
      ),
    ),
    ...typed(Object.values<MetricKind>(histograms), 'histogram'),
    ...typed(Object.values<MetricKind>(levels), 'gauge'),
    ...exporterStates,
    ...processStates,
    readyKind,
    degradedKind,
    targetInfoKind,
  ].map((kind: TypedKind) => [kind.name, kind]),
);

export function unitOf(name: string): string | undefined {
  return allMetrics.get(name)?.unit;
}

/** Metrics of the Collector that do not exist here. */
export const absent: readonly (readonly [name: string, why: string])[] = [
  [
    '`otelcol_receiver_failed_…`',
    'The Collector counts internal errors apart only behind a feature gate, which changes what `refused` means. Here `refused` counts all that was not taken, and `otelcol_receiver_requests{outcome="failure"}` tells internal errors.',
  ],
  [
    '`otelcol_processor_batch_…`',
    'The batch processor hands data through. Batches are made behind the journal: `otelcol_exporter_queue_batch_send_size`.',
  ],
  ['`otelcol_process_runtime_total_alloc_bytes`', 'The JavaScript runtime does not count what it has allocated altogether.'],
  ['`otelcol_exporter_send_failed_…{error_type, error_permanent}`', '`spanway_uploads` counts answers by status.'],
  [
    '`otelcol_{receiver,processor,exporter,connector}_{consumed,produced}_items`',
    'Behind a feature gate in the Collector. `otelcol_processor_incoming_items` and `spanway_received_items` tell the same.',
  ],
  ['`otelcol_scraper_…`', 'There are no scrapers.'],
];

const intro = `# Metrics

Prometheus reads them from \`localhost:8888/metrics\` (\`service::telemetry::metrics\`). This page is made from the program's own table of metrics.

- Names and labels that start with \`otelcol_\` are the OpenTelemetry Collector's, so its dashboards and alerts work. As in its default set-up, names
  end neither with \`_total\` nor with a unit. A reader that says \`without_type_suffix: false\` gets \`_total\` on counters; \`without_units: false\` adds
  \`_seconds\` and \`_bytes\`.
- Labels hold what the configuration names (\`langsmith/acme\`), or a closed set of words. Nothing that comes in makes a new series.
- With \`service::workers\` the page tells what all workers make together: sums, but the largest where each of them sees the same thing.
- A \`periodic\` reader sends the same metrics over OTLP/HTTP. Several may be listed beside one \`pull\`. Each worker sends its own.
- \`deploy/grafana/spanway.json\` is a dashboard, \`deploy/prometheus/alerts.yaml\` has alert rules, each with what to do.

At any time \`spanway_received_items\` = \`spanway_rejected_items\` + \`otelcol_receiver_refused_…\` + \`spanway_unsupported_items\` +
\`spanway_dropped_items\` + \`spanway_duplicate_items\` + \`spanway_stored_items\` without what is carried over and replayed, and
\`spanway_conservation_imbalance\` is 0.
`;

/** The page as Markdown. */
export function metricsReference(): string {
  const rows = [...allMetrics.values()].sort(({ name }, { name: other }) => (name < other ? -1 : 1));
  const section = (title: string, prefix: string): string =>
    `\n## ${title}\n\n${table(rows.filter(({ name }) => (prefix === '' ? !/^(otelcol|spanway)_/.test(name) : name.startsWith(prefix))))}`;
  return `${intro}${section("The Collector's", 'otelcol_')}${section('Our own', 'spanway_')}${section('Of the target', '')}
## What the Collector has and Spanway does not

| metric | why |
|---|---|
${absent.map(([name, why]) => `| ${name} | ${why} |`).join('\n')}
`;
}

function table(kinds: readonly TypedKind[]): string {
  const rows = kinds.map(
    ({ name, type, labels, unit, help }) =>
      `| \`${name}\` | ${type} | ${unit ?? ''} | ${labels.map((label) => `\`${label}\``).join(', ')} | ${help} |`,
  );
  return `| metric | type | unit | labels | meaning |\n|---|---|---|---|---|\n${rows.join('\n')}\n`;
}
