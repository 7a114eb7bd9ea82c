import { OttlError, type Place } from './fault.ts';

/** One statement that was refused, with everything that a person needs to put it right. */
export interface Problem {
  /** Position of the statement in its list. */
  readonly index: number;
  readonly statement: string;
  readonly reason: string;
  readonly hint: string | undefined;
  /** Within the statement, from 1. */
  readonly line: number;
  readonly column: number;
  /** `line:column: reason`, the line, a caret under the place, the hint. */
  readonly text: string;
}

const shownMax = 160;

/** The line that the place is in, cut around it if it is long, and carets under the place. */
function excerpt(lineText: string, column: number, length: number): readonly [line: string, caret: string] {
  const from = lineText.length <= shownMax ? 0 : Math.max(0, Math.min(column - shownMax / 2, lineText.length - shownMax));
  const line = lineText.slice(from, from + shownMax).replaceAll('\t', ' ');
  const width = Math.max(1, Math.min(length, line.length - (column - from)));
  return [line, `${' '.repeat(column - from)}${'^'.repeat(width)}`];
}

export function problemOf(error: OttlError, statement: string, index: number): Problem {
  const place: Place = error.place ?? { start: 0, end: statement.length };
  const before = statement.slice(0, place.start);
  const lineStart = before.lastIndexOf('\n') + 1;
  const lineEnd = statement.indexOf('\n', place.start);
  const lineText = statement.slice(lineStart, lineEnd < 0 ? statement.length : lineEnd);
  const line = before.split('\n').length;
  const column = place.start - lineStart;
  const [shown, caret] = excerpt(lineText, column, place.end - place.start);
  const hint = error.hint === undefined ? '' : `\n  ${error.hint}`;
  const text = `${line}:${column + 1}: ${error.reason}\n  ${shown}\n  ${caret}${hint}`;
  return { index, statement, reason: error.reason, hint: error.hint, line, column: column + 1, text };
}

/** All statements of a list that were refused. */
export class StatementError extends OttlError {
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[]) {
    super(problems.map(({ text }) => text).join('\n'));
    this.name = 'StatementError';
    this.problems = problems;
  }
}

/** `build` for each text; throws one `StatementError` for all that are refused. */
export function forEachStatement<T>(texts: readonly string[], build: (text: string) => T): readonly T[] {
  const built: T[] = [];
  const problems: Problem[] = [];
  for (const [index, text] of texts.entries()) {
    try {
      built.push(build(text));
    } catch (error) {
      if (!(error instanceof OttlError)) throw error;
      problems.push(problemOf(error, text, index));
    }
  }
  if (problems.length > 0) throw new StatementError(problems);
  return built;
}
