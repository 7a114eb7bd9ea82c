/** A place in the text of a statement: code units, start inclusive, end exclusive. */
export interface Place {
  readonly start: number;
  readonly end: number;
}

export interface OttlErrorOptions {
  /** What to write instead, e.g. `did you mean "IsMatch"?`. */
  readonly hint?: string | undefined;
  /** Name of the parameter that it is about: at load, the caret goes under that argument. */
  readonly parameter?: string | undefined;
  readonly place?: Place | undefined;
  /** Text of the statement that failed at run. */
  readonly statement?: string | undefined;
  readonly cause?: unknown;
}

/**
 * The only error that OTTL raises, at load and at run. Functions throw it with a message alone; the language adds the place and the statement.
 * The message never holds a value of the data.
 */
export class OttlError extends Error {
  readonly hint: string | undefined;
  readonly parameter: string | undefined;
  /** Set by the language once it is known. */
  readonly place: Place | undefined;
  /** Set where a statement of a sequence fails at run. */
  readonly statement: string | undefined;
  /** What went wrong, without place and hint. */
  readonly reason: string;

  constructor(reason: string, options: OttlErrorOptions = {}) {
    super(reason, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'OttlError';
    this.reason = reason;
    this.hint = options.hint;
    this.parameter = options.parameter;
    this.place = options.place;
    this.statement = options.statement;
  }

  /** The same error at a place, unless it has one. */
  at(place: Place): OttlError {
    if (this.place) return this;
    const { reason, hint, parameter, statement, cause } = this;
    return new OttlError(reason, { hint, parameter, place, statement, cause });
  }

  /** The same error, of a statement. */
  of(statement: string): OttlError {
    const { reason, hint, parameter, place, cause } = this;
    return new OttlError(reason, { hint, parameter, place, statement, cause });
  }
}
