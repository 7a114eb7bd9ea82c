import type { ContextName, Evaluation } from '../evaluation.ts';
import type { FunctionSpec, Getter, ResultType } from '../function.ts';
import type { OttlValue } from '../value.ts';

/** What a statement may name where it stands. */
export interface Site {
  readonly context: ContextName;
  /** Whether paths may leave their context away. */
  readonly unprefixed: boolean;
  readonly functions: ReadonlyMap<string, FunctionSpec>;
  readonly enums: ReadonlyMap<string, bigint>;
  /** Names of the lambdas around, by slot in `Evaluation.locals`. */
  readonly locals: ReadonlyMap<string, number>;
}

/** A value expression, compiled. `type` is what is known of its value beside that it may be nil. */
export interface CompiledValue {
  readonly type: ResultType;
  readonly get: Getter<OttlValue>;
}

export type Condition = (evaluation: Evaluation) => boolean;

export function constantGetter<T>(value: T): Getter<T> {
  return Object.assign(() => value, { constant: value });
}
