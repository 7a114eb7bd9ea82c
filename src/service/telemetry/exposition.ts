/**
 * Metrics as Prometheus reads them (text exposition format 0.0.4). Names are bare, as in the Collector's default set-up; a reader may ask for the
 * suffixes that the Collector's `without_type_suffix: false` and `without_units: false` add.
 */
import type { MetricsData } from './metrics.ts';
import { unitOf } from './reference.ts';

export interface Spelling {
  /** Counters end with `_total`. */
  readonly typeSuffix: boolean;
  /** Names end with their unit, `_seconds` or `_bytes`. */
  readonly units: boolean;
}

export const bareNames: Spelling = { typeSuffix: false, units: false };

export function exposition(metrics: MetricsData, spelling: Spelling): string {
  let text = '';
  for (const { name, help, type, values } of metrics) {
    const spelled = spelledName(name, `${type}`, spelling);
    text += `# HELP ${spelled} ${escaped(help)}\n# TYPE ${spelled} ${type}\n`;
    for (const value of values) {
      const { metricName = name } = value as { readonly metricName?: string };
      text += `${spelled}${metricName.slice(name.length)}${labelsText(value.labels)} ${numberText(value.value)}\n`;
    }
  }
  return text;
}

/** `otelcol_process_uptime` → `otelcol_process_uptime_seconds_total`. What a name ends with already is not said twice. */
export function spelledName(name: string, type: string, { typeSuffix, units }: Spelling): string {
  const unit = units ? unitOf(name) : undefined;
  const withUnit = unit === undefined || name.endsWith(`_${unit}`) ? name : `${name}_${unit}`;
  return typeSuffix && type === 'counter' ? `${withUnit}_total` : withUnit;
}

function labelsText(labels: Readonly<Record<string, string | number | undefined>>): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escaped(`${value}`).replaceAll('"', '\\"')}"`);
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
}

function escaped(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
}

function numberText(value: number): string {
  if (Number.isFinite(value)) return `${value}`;
  return Number.isNaN(value) ? 'NaN' : value > 0 ? '+Inf' : '-Inf';
}
