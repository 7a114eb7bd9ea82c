import type { Signal } from '../../model/batch.ts';
import { transformFunctions } from '../../ottl/functions/functions.ts';
import { type ContextName, inferContext } from '../../ottl/ottl.ts';

/** Statements and conditions that work together on the records of one context, as settings give them. */
export interface Texts {
  /** As the user named it; then paths may leave it away. Otherwise it is inferred. */
  readonly context?: ContextName | undefined;
  readonly statements?: readonly string[] | undefined;
  readonly conditions?: readonly string[] | undefined;
}

/** From the whole to the part. */
export const contextsOf: Readonly<Record<Signal, readonly ContextName[]>> = {
  traces: ['resource', 'scope', 'span', 'spanevent', 'spanlink'],
  logs: ['resource', 'scope', 'log'],
};

/**
 * The context that the texts are run in: the named one, else the most specific that they mention; `undefined` if nothing tells.
 * What rests on the request alone is run once per resource. Throws `StatementError` for texts that do not parse.
 */
export function contextOf({ context, statements = [], conditions = [] }: Texts, signal: Signal): ContextName | undefined {
  if (context !== undefined) return context;
  const inferred = [inferContext(statements, 'statement', transformFunctions), inferContext(conditions, 'condition', transformFunctions)];
  if (inferred.every((one) => one === undefined)) return undefined;
  if (inferred.some((one) => one !== undefined && one !== 'otelcol' && !contextsOf[signal].includes(one))) return undefined;
  return contextsOf[signal].findLast((one) => inferred.includes(one)) ?? 'resource';
}
