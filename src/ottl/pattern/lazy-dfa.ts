/**
 * Says whether a program matches anywhere and about where, one table look-up per character. States are made when they are first reached and forgotten
 * when there are too many, so time and memory stay bounded: O(text × program) at worst.
 */
import { Neighbour } from './alphabet.ts';
import { holds, Op, type Program } from './program.ts';

/** `next[class]`: the state behind a character; `null`: it has matched; `undefined`: not made yet. The last class is the end of the text. */
interface State {
  /** Instructions that wait for a character, before jumps, splits and assertions are followed: those depend on the character. */
  readonly waiting: readonly number[];
  /** Nothing waits: no match can begin before this point. */
  readonly idle: boolean;
  /** What stands before. */
  readonly before: number;
  readonly next: (State | null | undefined)[];
}

const statesMax = 512;

export class LazyDfa {
  readonly #program: Program;
  #states = new Map<string, State>();
  readonly #seen: Int32Array;
  #round = 0;
  readonly #stack: number[] = [];
  /** Instructions looked at so far: the measure of its work. */
  steps = 0;

  constructor(program: Program) {
    this.#program = program;
    this.#seen = new Int32Array(program.op.length);
  }

  /** Where to look for the leftmost match at or after `from`: it begins there or later. -1 if there is none. */
  find(text: string, from: number): number {
    const { alphabet } = this.#program;
    let begin = from;
    let state = this.#state([], neighbourBefore(this.#program, text, from));
    let index = from;
    while (index < text.length) {
      const codePoint = text.codePointAt(index) as number;
      const characterClass = alphabet.classOf(codePoint);
      if (state.idle) begin = index;
      let next = state.next[characterClass];
      if (next === undefined) next = this.#advance(state, characterClass);
      if (next === null) return begin;
      state = next;
      index += codePoint > 0xffff ? 2 : 1;
    }
    const last = state.next[alphabet.size];
    const matched = (last === undefined ? this.#advance(state, alphabet.size) : last) === null;
    return matched ? (state.idle ? index : begin) : -1;
  }

  #state(waiting: readonly number[], before: number): State {
    const key = `${before}:${waiting.join()}`;
    const known = this.#states.get(key);
    if (known) return known;
    if (this.#states.size >= statesMax) this.#states = new Map();
    const state: State = { waiting, idle: waiting.length === 0, before, next: new Array(this.#program.alphabet.size + 1).fill(undefined) };
    this.#states.set(key, state);
    return state;
  }

  #advance(state: State, characterClass: number): State | null {
    const { alphabet } = this.#program;
    const after = characterClass === alphabet.size ? Neighbour.textEdge : alphabet.neighbourOf(characterClass);
    const waiting = this.#step(state, characterClass, after);
    const next = waiting && this.#state(waiting, after);
    state.next[characterClass] = next;
    return next;
  }

  /** Follows all threads, and a new one that starts here, over one character; `null` if one of them has matched. */
  #step(state: State, characterClass: number, after: number): readonly number[] | null {
    const { op, x, y, alphabet } = this.#program;
    const stack = this.#stack;
    stack.length = 0;
    this.#round++;
    stack.push(0, ...state.waiting);
    const reached = new Set<number>();
    while (stack.length > 0) {
      const at = stack.pop() as number;
      if (this.#seen[at] === this.#round) continue;
      this.#seen[at] = this.#round;
      this.steps++;
      switch (op[at]) {
        case Op.match:
          return null;
        case Op.set:
          if (characterClass < alphabet.size && alphabet.members[x[at] as number]?.[characterClass] === 1) reached.add(at + 1);
          break;
        case Op.jump:
          stack.push(x[at] as number);
          break;
        case Op.split:
          stack.push(x[at] as number, y[at] as number);
          break;
        case Op.assert:
          if (holds(x[at] as number, state.before, after)) stack.push(at + 1);
          break;
        default:
          stack.push(at + 1);
      }
    }
    return [...reached].sort((one, other) => one - other);
  }
}

/** The kind of the character that ends at a position. */
export function neighbourBefore({ alphabet }: Program, text: string, index: number): number {
  if (index === 0) return Neighbour.textEdge;
  const unit = text.charCodeAt(index - 1);
  // Every character beyond the basic plane is `other`, and so is a surrogate.
  return alphabet.neighbourOf(alphabet.classOf(unit));
}
