/**
 * How a function of OTTL declares itself. A function is data and one `compile`: it gets its arguments once per statement, already checked, and
 * returns what runs per record.
 *
 *     export const split = converter({
 *       name: 'Split',
 *       summary: 'Splits a string into a list.',
 *       example: 'Split("a,b", ",")',
 *       parameters: { target: getter.string, delimiter: literal.string },
 *       result: 'list',
 *       compile: ({ target, delimiter }) => (evaluation) => target(evaluation).split(delimiter),
 *     });
 *
 * Errors: throw `OttlError` with a reason, in `compile` (then the statement is refused; with `parameter` the caret goes under that argument) or at run.
 */
import type { ContextName, Evaluation } from './evaluation.ts';
import type { Parameter, ParametersOf } from './parameter.ts';
import type { OttlType, OttlValue } from './value.ts';

export {
  type ConverterReference,
  choice,
  converterReference,
  type Estimate,
  enumeration,
  type Getter,
  getter,
  type Lambda,
  lambda,
  listOf,
  literal,
  type MapTarget,
  type MutableMap,
  mapTarget,
  optional,
  type Parameter,
  pattern,
  type Target,
  target,
} from './parameter.ts';

/** What a converter returns, as far as it can be told at load; `any` where it depends. Nil is always possible. */
export type ResultType = OttlType | 'any';

type Parameters = Readonly<Record<string, Parameter<unknown>>>;

interface Declaration<P extends Parameters> {
  readonly name: string;
  /** One sentence for the reference. */
  readonly summary: string;
  /** A statement or value expression for the reference. */
  readonly example?: string;
  /** In positional order, named in camelCase; users may also write snake_case. Optional ones stand last. */
  readonly parameters: P;
  /** The contexts that it works in; everywhere if absent. */
  readonly contexts?: readonly ContextName[];
}

interface EditorDeclaration<P extends Parameters> extends Declaration<P> {
  readonly compile: (args: ParametersOf<P>) => (evaluation: Evaluation) => void;
}

interface ConverterDeclaration<P extends Parameters> extends Declaration<P> {
  readonly result: ResultType;
  /** Its result is not a function of its arguments alone: never computed at load. Said by itself of a converter without arguments. */
  readonly volatile?: boolean;
  readonly compile: (args: ParametersOf<P>) => (evaluation: Evaluation) => OttlValue;
}

interface Spec {
  readonly name: string;
  readonly summary: string;
  readonly example: string | undefined;
  readonly parameters: Parameters;
  readonly contexts: readonly ContextName[] | undefined;
  /** Why a statement with it is refused, and what to use instead. */
  readonly unsupported: string | undefined;
}

export type Arguments = Readonly<Record<string, unknown>>;

export interface EditorSpec extends Spec {
  readonly kind: 'editor';
  /** Only to be called with arguments that were built from `parameters`. */
  readonly compile: (args: Arguments) => (evaluation: Evaluation) => void;
}

export interface ConverterSpec extends Spec {
  readonly kind: 'converter';
  readonly result: ResultType;
  readonly volatile: boolean;
  /** Only to be called with arguments that were built from `parameters`. */
  readonly compile: (args: Arguments) => (evaluation: Evaluation) => OttlValue;
}

/** A function as the language knows it. */
export type FunctionSpec = EditorSpec | ConverterSpec;

function specOf<P extends Parameters>(declaration: Declaration<P>): Spec {
  const { name, summary, example, parameters, contexts } = declaration;
  return { name, summary, example, parameters, contexts, unsupported: undefined };
}

export function editor<P extends Parameters>(declaration: EditorDeclaration<P>): EditorSpec {
  return { ...specOf(declaration), kind: 'editor', compile: (args) => declaration.compile(args as ParametersOf<P>) };
}

export function converter<P extends Parameters>(declaration: ConverterDeclaration<P>): ConverterSpec {
  const volatile = declaration.volatile ?? Object.keys(declaration.parameters).length === 0;
  return {
    ...specOf(declaration),
    kind: 'converter',
    result: declaration.result,
    volatile,
    compile: (args) => declaration.compile(args as ParametersOf<P>),
  };
}

/** A name of the Collector's that Spanway refuses at load. `instead` completes "not supported here: …". */
export function unsupported(kind: FunctionSpec['kind'], name: string, instead: string): FunctionSpec {
  const spec = { ...specOf({ name, summary: `Not supported here: ${instead}`, parameters: {} }), unsupported: instead };
  if (kind === 'editor') return { ...spec, kind, compile: () => () => {} };
  return { ...spec, kind, result: 'any', volatile: true, compile: () => () => null };
}
