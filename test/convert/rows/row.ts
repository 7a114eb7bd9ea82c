import type { SpanFields } from '../../../src/otlp/otlp.ts';
import { run } from '../spans.ts';

/** One row of the mapping: what a span says, and what the run must say because of it. `undefined` in `expected` means that it says nothing. */
export interface Row {
  readonly label: string;
  readonly attributes: Record<string, unknown>;
  readonly expected: Expected;
  readonly fields?: SpanFields;
  readonly scope?: string;
}

export interface Expected {
  readonly type?: string;
  readonly name?: string;
  readonly inputs?: unknown;
  readonly outputs?: unknown;
  readonly metadata?: object;
  readonly usage?: object;
  readonly parameters?: object;
  readonly tags?: readonly string[];
  readonly status?: string;
  readonly error?: string;
  readonly events?: readonly unknown[];
  readonly dialects?: readonly string[];
  readonly feedback?: readonly unknown[];
  /** Keys that its metadata, usage and inputs do not have. */
  readonly absent?: readonly string[];
}

export function row(label: string, attributes: Record<string, unknown>, expected: Expected, fields: SpanFields = {}, scope = ''): Row {
  return { label, attributes, expected, fields, scope };
}

interface Extra {
  readonly metadata: Readonly<Record<string, unknown>> & { readonly usage_metadata?: object; readonly aggregated_usage_metadata?: object };
  readonly invocation_params?: object;
  readonly otel: { readonly dialects?: readonly string[] };
}

/** What the row's span became, in the words of `Expected`. */
export function seen({ attributes, expected, fields, scope }: Row): Expected {
  const made = run(attributes, fields, scope);
  const { metadata, invocation_params: parameters, otel } = made.extra as Extra;
  const { usage_metadata: usage, aggregated_usage_metadata: aggregated, ...facts } = metadata;
  return {
    absent: absentIn({ ...facts, ...usage, ...aggregated, ...(made.inputs === undefined ? {} : { inputs: true }) }, expected.absent),
    type: made.run_type as string,
    name: made.name as string,
    inputs: made.inputs,
    outputs: made.outputs,
    metadata: facts,
    usage: (usage ?? aggregated ?? {}) as object,
    parameters: parameters ?? {},
    tags: (made.tags ?? []) as string[],
    status: made.status as string,
    error: made.error as string,
    events: (made.events ?? []) as unknown[],
    dialects: otel.dialects ?? [],
    feedback: (made.feedback ?? []) as unknown[],
  };
}

function absentIn(found: object, keys: readonly string[] = []): readonly string[] {
  return keys.filter((key) => !Object.hasOwn(found, key));
}

/** What makes a span an llm run and says nothing else. */
export const llm = { 'langsmith.span.kind': 'llm' };

/** The same value in each of these attributes. */
export const each = (keys: readonly string[], value: unknown, expected: Expected, more: Record<string, unknown> = {}): Row[] =>
  keys.map((key) => row(key, { ...llm, ...more, [key]: value }, expected));
