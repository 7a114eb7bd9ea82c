import { type EditorSpec, editor, type FunctionSpec } from '../../ottl/function.ts';
import { standardFunctions } from '../../ottl/functions/functions.ts';
import { deleteKey, deleteMatchingKeys } from '../../ottl/functions/map-editors.ts';
import {
  type ContextName,
  type ErrorMode,
  type Evaluation,
  inferContext,
  parseConditions,
  parseStatements,
  type Report,
} from '../../ottl/ottl.ts';

/** The part of a row of the table that says what matches. */
export interface RouteTexts {
  readonly context?: 'request' | 'otelcol' | 'resource' | 'scope' | 'span' | 'log' | undefined;
  readonly condition?: string | undefined;
  readonly statement?: string | undefined;
}

export type Matches = (evaluation: Evaluation) => boolean;

const routable: readonly ContextName[] = ['otelcol', 'resource', 'scope', 'span', 'log'];
const route = editor({ name: 'route', summary: 'Marks what is to be routed.', parameters: {}, compile: () => () => {} });
const editors: readonly EditorSpec[] = [route, deleteKey, deleteMatchingKeys];
const converters: readonly FunctionSpec[] = standardFunctions.filter(({ kind }) => kind === 'converter');

/** Whether matching changes the data. */
export function edits({ statement }: RouteTexts): boolean {
  return statement !== undefined && !/^\s*route\s*\(/.test(statement);
}

/** The context that a row works in; `undefined` for one that cannot be routed. Throws `StatementError` for a text that does not parse. */
export function contextOfRoute({ context, condition, statement }: RouteTexts): ContextName | undefined {
  if (context !== undefined) return context === 'request' ? 'otelcol' : context;
  const inferred =
    statement === undefined
      ? inferContext([condition ?? ''], 'condition', converters)
      : inferContext([statement], 'statement', [...converters, ...editors]);
  const found = inferred ?? 'resource';
  return routable.includes(found) ? found : undefined;
}

/** Throws `StatementError` for a text that is wrong. Without a named or mentioned context, paths are those of the resource. */
export function compileRoute(texts: RouteTexts, context: ContextName, errorMode: ErrorMode, report: Report): Matches {
  const { condition, statement } = texts;
  const options = { context, errorMode, report, unprefixed: texts.context !== undefined || context === 'resource' };
  if (statement === undefined) {
    const conditions = parseConditions([condition ?? ''], { ...options, functions: converters });
    return (evaluation) => conditions.test(evaluation);
  }
  // A statement does not tell whether its condition held; its editor does, by running.
  let matched = false;
  const marking = editors.map(
    (spec): EditorSpec => ({
      ...spec,
      compile: (args) => {
        const edit = spec.compile(args);
        return (evaluation) => {
          edit(evaluation);
          matched = true;
        };
      },
    }),
  );
  const statements = parseStatements([statement], { ...options, functions: [...converters, ...marking] });
  return (evaluation) => {
    matched = false;
    statements.run(evaluation);
    return matched;
  };
}
