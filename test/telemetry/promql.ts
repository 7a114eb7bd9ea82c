/** What a PromQL expression asks for, by Prometheus's own grammar. */
import { parser } from '@prometheus-io/lezer-promql';

export interface Asked {
  /** Names of metrics. */
  readonly metrics: readonly string[];
  /** By label: in matchers and in `by (…)`. */
  readonly labels: readonly string[];
  /** What stands where the grammar wants something else. */
  readonly errors: readonly string[];
}

export function askedBy(expression: string): Asked {
  const metrics: string[] = [];
  const labels: string[] = [];
  const errors: string[] = [];
  parser.parse(expression).iterate({
    enter: ({ name, from, to, type, node }) => {
      const text = expression.slice(from, to);
      if (type.isError) errors.push(`${from}: "${expression.slice(from, to + 20)}"`);
      if (name === 'Identifier' && node.parent?.name === 'VectorSelector') metrics.push(text);
      if (name === 'LabelName') labels.push(text);
    },
  });
  return { metrics, labels, errors };
}
