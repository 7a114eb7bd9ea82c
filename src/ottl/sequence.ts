import type { Evaluation } from './evaluation.ts';
import { OttlError } from './fault.ts';
import type { OttlValue } from './value.ts';

/** What becomes of an error at run: `ignore` reports it and goes on, `silent` goes on, `propagate` fails the whole payload. */
export type ErrorMode = 'ignore' | 'silent' | 'propagate';

/** Gets what `ignore` passes over. */
export type Report = (error: OttlError, statement: string) => void;

/** Everything that is thrown at run, as an `OttlError`: one that is not, is a limit of the runtime (a text too long) or a bug. */
function ottlError(error: unknown): OttlError {
  if (error instanceof OttlError) return error;
  return new OttlError('cannot evaluate the statement: internal error', { cause: error });
}

function handle(error: unknown, statement: string, mode: ErrorMode, report: Report): void {
  if (mode === 'silent') return;
  const known = ottlError(error);
  if (mode === 'propagate') throw known.of(statement);
  report(known, statement);
}

export interface CompiledStatement {
  readonly text: string;
  readonly edit: (evaluation: Evaluation) => void;
  readonly where: ((evaluation: Evaluation) => boolean) | undefined;
}

/** Statements that run one after the other on one record. */
export class StatementSequence {
  readonly #statements: readonly CompiledStatement[];
  readonly #mode: ErrorMode;
  readonly #report: Report;

  constructor(statements: readonly CompiledStatement[], mode: ErrorMode, report: Report) {
    this.#statements = statements;
    this.#mode = mode;
    this.#report = report;
  }

  get length(): number {
    return this.#statements.length;
  }

  /** Throws `OttlError` only with `propagate`. */
  run(evaluation: Evaluation): void {
    const statements = this.#statements;
    for (let index = 0; index < statements.length; index++) {
      const { text, edit, where } = statements[index] as CompiledStatement;
      try {
        if (where === undefined || where(evaluation)) edit(evaluation);
      } catch (error) {
        handle(error, text, this.#mode, this.#report);
      }
    }
  }
}

export interface CompiledConditionText {
  readonly text: string;
  readonly test: (evaluation: Evaluation) => boolean;
}

/** Conditions of which any may hold; one that fails counts as false. */
export class ConditionSequence {
  readonly #conditions: readonly CompiledConditionText[];
  readonly #mode: ErrorMode;
  readonly #report: Report;

  constructor(conditions: readonly CompiledConditionText[], mode: ErrorMode, report: Report) {
    this.#conditions = conditions;
    this.#mode = mode;
    this.#report = report;
  }

  get length(): number {
    return this.#conditions.length;
  }

  /** Whether any condition holds; false of none. Throws `OttlError` only with `propagate`. */
  test(evaluation: Evaluation): boolean {
    return this.first(evaluation) >= 0;
  }

  /** Which condition holds, the first one; -1 if none does. Throws as `test`. */
  first(evaluation: Evaluation): number {
    const conditions = this.#conditions;
    for (let index = 0; index < conditions.length; index++) {
      const { text, test } = conditions[index] as CompiledConditionText;
      try {
        if (test(evaluation)) return index;
      } catch (error) {
        handle(error, text, this.#mode, this.#report);
      }
    }
    return -1;
  }
}

/** A single value expression. */
export class ValueExpression {
  readonly #get: (evaluation: Evaluation) => OttlValue;

  constructor(get: (evaluation: Evaluation) => OttlValue) {
    this.#get = get;
  }

  /** Throws `OttlError`. */
  evaluate(evaluation: Evaluation): OttlValue {
    try {
      return this.#get(evaluation);
    } catch (error) {
      throw ottlError(error);
    }
  }
}
