import type { Caller } from '../../src/model/batch.ts';
import type { Value } from '../../src/model/value.ts';
import { resourceOf, scopeOf, spanOf } from '../../src/otlp/otlp.ts';
import { standardFunctions, transformFunctions } from '../../src/ottl/functions/functions.ts';
import { type ContextName, Evaluation, parseStatements, parseValue } from '../../src/ottl/ottl.ts';
import type { OttlValue } from '../../src/ottl/value.ts';

const caller: Caller = { receiver: 'otlp', transport: 'grpc', address: '', metadata: new Map(), receivedAtMs: 0 };

/** 2024-02-29T12:34:56.789123456Z: the time that `Now()` tells in these tests. */
export const nowNanos = 1_709_210_096_789_123_456n;

type Attributes = Readonly<Record<string, Value>>;

/** A span with these attributes, ready to be evaluated on. */
export function evaluationOf(attributes: Attributes = {}, fields: Parameters<typeof spanOf>[0] = {}): Evaluation {
  const world = { now: () => nowNanos, random: (length: number) => new Uint8Array(length).fill(0xab) };
  const evaluation = new Evaluation(world, caller);
  evaluation.resource = resourceOf({});
  evaluation.scope = scopeOf('');
  evaluation.span = spanOf({ ...fields, attributes });
  return evaluation;
}

/** What a value expression gives; `a["x"]` stands for `span.attributes["x"]`. */
export function evaluate(expression: string, attributes: Attributes = {}, context: ContextName = 'span'): OttlValue {
  const text = expression.replaceAll('a["', 'span.attributes["');
  return parseValue(text, { context, functions: standardFunctions }).evaluate(evaluationOf(attributes));
}

/** The attributes after a statement. */
export function edited(statement: string, attributes: Attributes, fields: Parameters<typeof spanOf>[0] = {}): Record<string, OttlValue> {
  const evaluation = evaluationOf(attributes, fields);
  const text = statement
    .replaceAll('a["', 'span.attributes["')
    .replaceAll('(a,', '(span.attributes,')
    .replaceAll('(a)', '(span.attributes)');
  parseStatements([text], { context: 'span', functions: transformFunctions }).run(evaluation);
  return Object.fromEntries(evaluation.span.attributes) as Record<string, OttlValue>;
}

/** The name of the span after a statement. */
export function renamed(statement: string, fields: Parameters<typeof spanOf>[0], attributes: Attributes = {}): string {
  const evaluation = evaluationOf(attributes, fields);
  parseStatements([statement], { context: 'span', functions: transformFunctions }).run(evaluation);
  return evaluation.span.name;
}

export function map(entries: Readonly<Record<string, OttlValue>>): ReadonlyMap<string, OttlValue> {
  return new Map(Object.entries(entries));
}
