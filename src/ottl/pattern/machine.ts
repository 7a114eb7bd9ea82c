/**
 * Finds the leftmost match and its groups, with the preferences of a backtracking engine but all threads in lockstep (Pike's machine):
 * O(text × program) whatever the text. A list holds its threads in order of preference, each at most once, with its slots.
 */
import { Neighbour } from './alphabet.ts';
import { neighbourBefore } from './lazy-dfa.ts';
import { holds, Op, type Program } from './program.ts';

class ThreadList {
  readonly threads: Int32Array;
  readonly slots: Int32Array;
  readonly #seen: Int32Array;
  #round = 1;
  count = 0;

  constructor(program: Program) {
    this.threads = new Int32Array(program.op.length);
    this.slots = new Int32Array(program.op.length * program.slots);
    this.#seen = new Int32Array(program.op.length);
  }

  clear(): void {
    this.count = 0;
    this.#round++;
  }

  /** Whether it is the first visit of this round. */
  visit(at: number): boolean {
    if (this.#seen[at] === this.#round) return false;
    this.#seen[at] = this.#round;
    return true;
  }
}

/** A frame of the walk: an instruction, or (negative) a slot whose old value comes back: `~slot`, then the value. */
type Frames = number[];

export class Machine {
  readonly #program: Program;
  #current: ThreadList;
  #next: ThreadList;
  readonly #working: Int32Array;
  readonly #frames: Frames = [];
  /** Instructions looked at so far: the measure of its work. */
  steps = 0;

  constructor(program: Program) {
    this.#program = program;
    this.#current = new ThreadList(program);
    this.#next = new ThreadList(program);
    this.#working = new Int32Array(program.slots);
  }

  /** Slots of the leftmost match at or after `from`: start and end of each group in code units, -1 where it took no part. */
  exec(text: string, from: number): Int32Array | undefined {
    const { alphabet } = this.#program;
    let found: Int32Array | undefined;
    let before = neighbourBefore(this.#program, text, from);
    this.#current.clear();
    for (let index = from; ; ) {
      const codePoint = text.codePointAt(index);
      const characterClass = codePoint === undefined ? -1 : alphabet.classOf(codePoint);
      const after = characterClass < 0 ? Neighbour.textEdge : alphabet.neighbourOf(characterClass);
      if (!found) {
        this.#working.fill(-1);
        this.#follow(this.#current, 0, index, before, after);
      }
      if (this.#current.count === 0 && found) return found;
      const end = index + (codePoint !== undefined && codePoint > 0xffff ? 2 : 1);
      found = this.#step(characterClass, text, end, after) ?? found;
      if (characterClass < 0) return found;
      [this.#current, this.#next] = [this.#next, this.#current];
      before = after;
      index = end;
    }
  }

  /** Moves every thread over one character. A thread that matches ends those that are less preferred; its slots are returned. */
  #step(characterClass: number, text: string, end: number, before: number): Int32Array | undefined {
    const { op, x, slots, alphabet } = this.#program;
    const current = this.#current;
    const next = this.#next;
    const coming = text.codePointAt(end);
    const after = coming === undefined ? Neighbour.textEdge : alphabet.neighbourOf(alphabet.classOf(coming));
    next.clear();
    for (let position = 0; position < current.count; position++) {
      const at = current.threads[position] as number;
      this.steps++;
      const own = current.slots.subarray(at * slots, (at + 1) * slots);
      if (op[at] === Op.match) return own.slice();
      if (characterClass >= 0 && alphabet.members[x[at] as number]?.[characterClass] === 1) {
        this.#working.set(own);
        this.#follow(next, at + 1, end, before, after);
      }
    }
    return undefined;
  }

  /** Adds to a list every thread that is reached from an instruction without a character, the preferred ones first. */
  #follow(list: ThreadList, start: number, index: number, before: number, after: number): void {
    const { op, x, y, slots } = this.#program;
    const frames = this.#frames;
    const working = this.#working;
    frames.push(start);
    while (frames.length > 0) {
      const at = frames.pop() as number;
      if (at < 0) {
        working[~at] = frames.pop() as number;
        continue;
      }
      if (!list.visit(at)) continue;
      this.steps++;
      switch (op[at]) {
        case Op.jump:
          frames.push(x[at] as number);
          break;
        case Op.split:
          frames.push(y[at] as number, x[at] as number);
          break;
        case Op.save: {
          const slot = x[at] as number;
          frames.push(working[slot] as number, ~slot, at + 1);
          working[slot] = index;
          break;
        }
        case Op.assert:
          if (holds(x[at] as number, before, after)) frames.push(at + 1);
          break;
        default:
          list.threads[list.count++] = at;
          list.slots.set(working, at * slots);
      }
    }
  }
}
