/**
 * OTTL, the OpenTelemetry Transformation Language. Read this file first; it is the room's door.
 *
 *   text ─ syntax/ ─► tree ─ compile/ ─► closures ─ sequence.ts ─► run on one Evaluation after the other
 *                       │        ▲  ▲
 *                       │        │  └ functions/   editors and converters, which declare themselves by function.ts
 *                       │        └ contexts/       the paths of each context
 *                       └► infer-context.ts
 *
 * Everything is checked at load: names, arguments, types, paths, patterns. A statement is compiled once; at run there are only closures, and one
 * `try` around each statement. Source: LANGUAGE.md of the Collector's `pkg/ottl`.
 */
import { compileEditor } from './compile/call.ts';
import { compileCondition } from './compile/condition.ts';
import type { CompiledValue, Site } from './compile/site.ts';
import { compileValue } from './compile/value.ts';
import { contexts } from './contexts/contexts.ts';
import type { ContextName } from './evaluation.ts';
import type { FunctionSpec } from './function.ts';
import { contextOf } from './infer-context.ts';
import { type CompiledStatement, ConditionSequence, type ErrorMode, type Report, StatementSequence, ValueExpression } from './sequence.ts';
import { forEachStatement } from './statement-error.ts';
import { parseExpression, parseStatement } from './syntax/parse.ts';

export { type ContextName, contextNames, Evaluation, type World } from './evaluation.ts';
export { OttlError } from './fault.ts';
export { converter, editor, type FunctionSpec } from './function.ts';
export { ConditionSequence, type ErrorMode, type Report, StatementSequence, ValueExpression } from './sequence.ts';
export { type Problem, StatementError } from './statement-error.ts';
export { print } from './syntax/print.ts';

/** What texts are compiled for. */
export interface CompileOptions {
  readonly context: ContextName;
  readonly functions: readonly FunctionSpec[];
  /** Whether paths may leave their context away, as they may where the user named the context: `attributes["x"]`. Default false. */
  readonly unprefixed?: boolean;
  /** Enum symbols beside those of the context. */
  readonly enums?: ReadonlyMap<string, bigint>;
  /** Default `propagate`. */
  readonly errorMode?: ErrorMode;
  /** Gets the errors that `ignore` passes over. */
  readonly report?: Report;
}

function byName(functions: readonly FunctionSpec[]): ReadonlyMap<string, FunctionSpec> {
  return new Map(functions.map((spec) => [spec.name, spec]));
}

function siteOf({ context, functions, unprefixed = false, enums }: CompileOptions): Site {
  const own = contexts[context].enums;
  return { context, unprefixed, functions: byName(functions), enums: enums ? new Map([...own, ...enums]) : own, locals: new Map() };
}

const unheard: Report = () => {};

/** Throws `StatementError` with every statement that is refused. */
export function parseStatements(texts: readonly string[], options: CompileOptions): StatementSequence {
  const site = siteOf(options);
  const statements = forEachStatement(texts, (text): CompiledStatement => {
    const { editor, where } = parseStatement(text);
    return { text, edit: compileEditor(editor, site), where: where && compileCondition(where, site) };
  });
  return new StatementSequence(statements, options.errorMode ?? 'propagate', options.report ?? unheard);
}

/** Throws `StatementError` with every condition that is refused. */
export function parseConditions(texts: readonly string[], options: CompileOptions): ConditionSequence {
  const site = siteOf(options);
  const conditions = forEachStatement(texts, (text) => ({ text, test: compileCondition(parseExpression(text), site) }));
  return new ConditionSequence(conditions, options.errorMode ?? 'propagate', options.report ?? unheard);
}

/** Throws `StatementError` if the expression is refused. */
export function parseValue(text: string, options: CompileOptions): ValueExpression {
  const site = siteOf(options);
  const [compiled] = forEachStatement([text], (one) => compileValue(parseExpression(one), site));
  return new ValueExpression((compiled as CompiledValue).get);
}

/** What a list of texts is. */
export type TextKind = 'statement' | 'condition';

/**
 * The context that fits all the texts together: the highest that sees everything they mention. `undefined` if they mention nothing, or things
 * that no one context sees. Throws `StatementError` if they do not parse.
 */
export function inferContext(texts: readonly string[], kind: TextKind, functions: readonly FunctionSpec[]): ContextName | undefined {
  const trees = forEachStatement(texts, (text) => (kind === 'statement' ? parseStatement(text) : parseExpression(text)));
  return contextOf(trees, byName(functions));
}
