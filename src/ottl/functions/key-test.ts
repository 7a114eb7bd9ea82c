import type { Evaluation } from '../evaluation.ts';
import type { Getter } from '../function.ts';
import type { Pattern } from '../pattern/pattern.ts';

/** Places that are remembered; most spans have fewer attributes. */
const placesMax = 256;

/**
 * Whether keys match a pattern, or do not. Spans of one kind have the same keys in the same places, so each place remembers its last key and the answer.
 * The returned test is made once for each pattern, not for each record.
 */
export function keyTest(pattern: Getter<Pattern>, wanted: boolean): (evaluation: Evaluation) => (key: string, place: number) => boolean {
  const make = (expression: Pattern) => {
    const keys: string[] = [];
    const answers: boolean[] = [];
    return (key: string, place: number): boolean => {
      if (keys[place] === key) return answers[place] as boolean;
      const answer = expression.test(key) === wanted;
      if (place < placesMax) {
        keys[place] = key;
        answers[place] = answer;
      }
      return answer;
    };
  };
  let last: { readonly pattern: Pattern; readonly test: (key: string, place: number) => boolean } | undefined;
  return (evaluation) => {
    const expression = pattern(evaluation);
    if (last?.pattern !== expression) last = { pattern: expression, test: make(expression) };
    return last.test;
  };
}
