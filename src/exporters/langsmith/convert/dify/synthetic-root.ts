import type { Span } from '../../../../model/batch.ts';

const signs = ['dify_trace_id', 'dify_project_name'];
const contents = ['input.value', 'output.value'];

/**
 * Dify's Arize and Phoenix integrations send a span named `Dify` above all that they export. It describes no work: what stands below it has parents of
 * its own by the ids of Dify's tables (mapping §19.1, D5), so it is left out, and who has none is a root. One that carries content is a run.
 */
export function isSyntheticRoot({ name, parentSpanId, attributes }: Span): boolean {
  if (name !== 'Dify' || parentSpanId !== '') return false;
  return signs.some((key) => attributes.has(key)) && !contents.some((key) => attributes.has(key));
}
