/** What deploy/ asks Prometheus for exists, in its grammar and in the table of metrics. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { allMetrics } from '../../src/service/telemetry/reference.ts';
import { askedBy } from './promql.ts';

const read = (path: string): string => readFileSync(new URL(`../../deploy/${path}`, import.meta.url), 'utf8');

interface Rule {
  readonly alert: string;
  readonly expr: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

interface Panel {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly targets?: readonly { readonly expr: string; readonly legendFormat: string }[];
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
}

interface Dashboard {
  readonly uid: string;
  readonly title: string;
  readonly panels: readonly Panel[];
  readonly templating: { readonly list: readonly { readonly name: string }[] };
}

const { groups } = parse(read('prometheus/alerts.yaml')) as { readonly groups: readonly { readonly rules: readonly Rule[] }[] };
const rules = groups.flatMap((group) => group.rules);
const dashboard = JSON.parse(read('grafana/spanway.json')) as Dashboard;

/** What every scraped series has beside its own. */
const labelsOfScrapes = ['job', 'instance'];

/** A histogram is asked for by its parts. */
function kindOf(name: string): { readonly labels: readonly string[] } | undefined {
  const own = allMetrics.get(name);
  if (own && own.type !== 'histogram') return own;
  const histogram = allMetrics.get(name.replace(/_(bucket|sum|count)$/, ''));
  return histogram?.type === 'histogram' && name !== histogram.name ? { labels: [...histogram.labels, 'le'] } : undefined;
}

function expectToExist(expression: string): void {
  const { metrics, labels, errors } = askedBy(expression.replaceAll('$__rate_interval', '5m'));
  expect(errors, expression).toEqual([]);
  expect(metrics.length, expression).toBeGreaterThan(0);
  const known = [...labelsOfScrapes];
  for (const name of metrics) {
    expect(kindOf(name), `${name} in ${expression}`).toBeDefined();
    known.push(...(kindOf(name)?.labels ?? []));
  }
  for (const label of labels) expect(known, `${label} in ${expression}`).toContain(label);
}

describe('alerts', () => {
  test.each(rules.map((rule) => [rule.alert, rule] as const))(
    '%s asks for metrics and labels that exist, and says what to do',
    (_, rule) => {
      expectToExist(rule.expr);
      expect(rule.labels.severity).toMatch(/^(warning|critical)$/);
      expect(rule.annotations.summary).toMatch(/\.$/);
      expect(rule.annotations.runbook?.length).toBeGreaterThan(30);
      const { labels } = askedBy(rule.expr);
      for (const [, label] of rule.annotations.summary?.matchAll(/\$labels\.(\w+)/g) ?? []) expect(labels, rule.alert).toContain(label);
    },
  );

  test('have names of their own', () => {
    expect(new Set(rules.map(({ alert }) => alert)).size).toBe(rules.length);
  });
});

describe('the dashboard', () => {
  const panels = dashboard.panels.filter(({ type }) => type !== 'row');

  test.each(panels.map((panel) => [panel.title, panel] as const))('%s asks for metrics and labels that exist', (_, { targets = [] }) => {
    expect(targets.length).toBeGreaterThan(0);
    for (const { expr, legendFormat } of targets) {
      expectToExist(expr);
      for (const [, label] of legendFormat.matchAll(/\{\{(\w+)\}\}/g)) expect(askedBy(expr).labels).toContain(label);
    }
  });

  test('has panels that do not overlap, with ids of their own, in 24 columns', () => {
    expect(new Set(dashboard.panels.map(({ id }) => id)).size).toBe(dashboard.panels.length);
    const taken = new Set<string>();
    for (const { title, gridPos } of dashboard.panels) {
      expect(gridPos.x + gridPos.w, title).toBeLessThanOrEqual(24);
      for (let x = gridPos.x; x < gridPos.x + gridPos.w; x++)
        for (let y = gridPos.y; y < gridPos.y + gridPos.h; y++) {
          expect(taken.has(`${x} ${y}`), title).toBe(false);
          taken.add(`${x} ${y}`);
        }
    }
  });

  test('chooses data source, job and instance', () => {
    expect(dashboard.templating.list.map(({ name }) => name)).toEqual(['datasource', 'job', 'instance']);
  });
});

test('the check itself sees names, labels and mistakes', () => {
  expect(askedBy('sum by (a) (rate(x_total{b=~"c"}[5m])) / y')).toEqual({ metrics: ['x_total', 'y'], labels: ['a', 'b'], errors: [] });
  expect(askedBy('rate(x[5m)').errors.length).toBeGreaterThan(0);
  expect(kindOf('spanway_uploadz')).toBeUndefined();
  expect(kindOf('spanway_upload_duration_seconds')).toBeUndefined();
});
