import type { Pattern } from '../pattern/pattern.ts';

/** Places that are remembered; most spans have fewer attributes. */
const placesMax = 256;

/** Whether keys match a pattern. Spans of one kind have the same keys in the same places, so each place remembers its last key and the answer. */
export class KeyTest {
  #pattern: Pattern | undefined;
  #keys: string[] = [];
  #answers: boolean[] = [];

  matches(pattern: Pattern, key: string, place: number): boolean {
    if (pattern !== this.#pattern) {
      this.#pattern = pattern;
      this.#keys = [];
      this.#answers = [];
    }
    if (this.#keys[place] === key) return this.#answers[place] as boolean;
    const answer = pattern.test(key);
    if (place < placesMax) {
      this.#keys[place] = key;
      this.#answers[place] = answer;
    }
    return answer;
  }
}
