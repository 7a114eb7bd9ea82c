import { readFileSync } from 'node:fs';
import { createConverter } from '../../src/exporters/langsmith/convert/convert.ts';
import { runJson } from '../../src/exporters/langsmith/convert/run-json.ts';
import { SpanKind } from '../../src/model/batch.ts';
import type { Draft } from '../../src/model/draft.ts';
import { logRecordOf, resourceOf, type SpanFields, scopeOf } from '../../src/otlp/otlp.ts';
import { caller, entriesOf, otlpValue, sent, startNano } from './spans.ts';

interface VectorEvent {
  readonly name: string;
  readonly attrs?: Record<string, unknown>;
  readonly time_ms?: number;
}

export interface Vector {
  readonly n: number;
  readonly dialect: string;
  readonly title: string;
  readonly context?: string;
  readonly span: {
    readonly name: string;
    readonly kind?: string;
    readonly scope?: string;
    readonly resource?: Record<string, unknown>;
    readonly status?: { readonly code: number; readonly message?: string };
    readonly trace_state?: string;
    readonly attrs: Record<string, unknown>;
    readonly events?: readonly VectorEvent[];
    readonly links?: readonly { readonly trace_id: string; readonly span_id: string }[];
  };
  readonly logs?: readonly { readonly event_name?: string; readonly attrs?: Record<string, unknown>; readonly body?: unknown }[];
  readonly run: Record<string, unknown> & { readonly absent?: readonly string[]; readonly parent_soft?: boolean };
}

export const vectors: readonly Vector[] = readFileSync(new URL('mapping-vectors.jsonl', import.meta.url), 'utf8')
  .split('\n')
  .filter((line) => line !== '')
  .map((line) => JSON.parse(line) as Vector);

const convert = createConverter();

export function convertVector(vector: Vector): Record<string, unknown> {
  return runJson(draftOfVector(vector));
}

/** `place`: ids of its own, or of a parent. */
export function draftOfVector({ span, logs }: Pick<Vector, 'span' | 'logs'>, place: Partial<SpanFields> = {}): Draft {
  const at = (span.scope ?? '').lastIndexOf('@');
  const [name, version] = at > 0 ? [span.scope?.slice(0, at), span.scope?.slice(at + 1)] : [span.scope, ''];
  const fields: SpanFields = {
    name: span.name,
    kind: SpanKind[(span.kind ?? 'INTERNAL').toLowerCase() as keyof typeof SpanKind],
    traceState: span.trace_state,
    status: span.status,
    attributes: entriesOf(span.attrs),
    events: span.events?.map(({ name, attrs, time_ms }) => ({
      name,
      timeUnixNano: startNano + BigInt(time_ms ?? 0) * 1_000_000n,
      attributes: entriesOf(attrs),
    })),
    links: span.links?.map(({ trace_id, span_id }) => ({ traceId: trace_id, spanId: span_id })),
    ...place,
  };
  const arrived = sent(fields, scopeOf(name ?? '', version), resourceOf(entriesOf(span.resource)));
  const records = logs?.map(({ event_name, attrs, body }) =>
    logRecordOf({ eventName: event_name, attributes: entriesOf(attrs), body: body === undefined ? null : otlpValue(body) }),
  );
  return convert(arrived.span, arrived.scope, arrived.resource, caller, records);
}

const places: Readonly<Record<string, string>> = {
  metadata: 'extra.metadata',
  usage: 'extra.metadata.usage_metadata',
  invocation_params: 'extra.invocation_params',
  otel: 'extra.otel',
};

/** What of the vector's expectation (mapping §20: a deep partial; lists whole, events by prefix) the run does not meet. */
export function differences(vector: Vector, run: Record<string, unknown>): string[] {
  const found: string[] = [];
  for (const [field, expected] of Object.entries({ status: 'success', ...vector.run })) {
    if (field === 'absent' || field === 'parent_soft') continue;
    const path = places[field] ?? field;
    compare(path, read(run, path), expected, field === 'events' || field === 'feedback', found);
  }
  for (const path of vector.run.absent ?? []) if (read(run, path) !== undefined) found.push(`${path} is there`);
  return found;
}

/** Members are named by the rest of the path first, because attribute names hold dots. */
function read(value: unknown, path: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined;
  const object = value as Record<string, unknown>;
  if (path in object) return object[path];
  for (let dot = path.lastIndexOf('.'); dot > 0; dot = path.lastIndexOf('.', dot - 1)) {
    const head = path.slice(0, dot);
    if (head in object) return read(object[head], path.slice(dot + 1));
  }
  return undefined;
}

function compare(path: string, actual: unknown, expected: unknown, byPrefix: boolean, found: string[]): void {
  if (Array.isArray(expected)) {
    if (!Array.isArray(actual) || (byPrefix ? actual.length < expected.length : actual.length !== expected.length)) {
      found.push(`${path} is ${JSON.stringify(actual)} instead of ${JSON.stringify(expected)}`);
      return;
    }
    const exact = !byPrefix;
    for (const [at, element] of expected.entries()) {
      if (exact && JSON.stringify(sorted(actual[at])) !== JSON.stringify(sorted(element)))
        found.push(`${path}[${at}] is ${JSON.stringify(actual[at])} instead of ${JSON.stringify(element)}`);
      if (!exact) compare(`${path}[${at}]`, actual[at], element, false, found);
    }
    return;
  }
  if (typeof expected === 'object' && expected !== null) {
    for (const [key, value] of Object.entries(expected))
      compare(`${path}.${key}`, (actual as Record<string, unknown> | undefined)?.[key], value, false, found);
    return;
  }
  if (expected === null ? actual !== undefined && actual !== null : actual !== expected)
    found.push(`${path} is ${JSON.stringify(actual)} instead of ${JSON.stringify(expected)}`);
}

/** The same value with its members in order of their names. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([key, inner]) => [key, sorted(inner)]),
  );
}
