import type { Evaluation } from '../evaluation.ts';
import type { Getter } from '../function.ts';

/** Something made from a text argument (a template, a format, a glob): at load if the text is written in the statement, else whenever it changes. */
export function prepared<T>(text: Getter<string>, prepare: (text: string) => T): (evaluation: Evaluation) => T {
  if (text.constant !== undefined) {
    const value = prepare(text.constant);
    return () => value;
  }
  let last: { readonly text: string; readonly value: T } | undefined;
  return (evaluation) => {
    const current = text(evaluation);
    if (last?.text !== current) last = { text: current, value: prepare(current) };
    return last.value;
  };
}
