/**
 * Regular expressions with RE2's syntax and meaning, in time linear in the text, whatever the text. Read this file first.
 *
 *   source ─ parse.ts ─► tree ─┬─ native.ts: proven harmless ─────────────► the runtime's engine
 *                              └─ program.ts ─┬─► lazy-dfa.ts: does it match, and about where?
 *                                             └─► machine.ts: where exactly, and which groups?
 *
 * Source: the syntax page of RE2, which Go's `regexp` follows.
 */
import { LazyDfa } from './lazy-dfa.ts';
import { Machine } from './machine.ts';
import { nativePattern } from './native.ts';
import { parse } from './parse.ts';
import { compileProgram, type Program } from './program.ts';
import { requiredText } from './required-text.ts';

export { PatternError } from './tree.ts';

/** What a pattern found: the whole match at 0, then its groups; `undefined` where a group took no part. Positions are code units, the end exclusive. */
export interface Match {
  readonly start: number;
  readonly end: number;
  readonly groups: readonly (string | undefined)[];
}

interface Engine {
  test(text: string): boolean;
  exec(text: string, from: number): Match | undefined;
  /** Absent where there is no faster way than by `exec`. */
  replaceAllBy?(text: string, replacement: string): string;
}

class NativeEngine implements Engine {
  readonly #shape: RegExp;

  constructor(shape: RegExp) {
    this.#shape = shape;
  }

  test(text: string): boolean {
    this.#shape.lastIndex = 0;
    return this.#shape.test(text);
  }

  exec(text: string, from: number): Match | undefined {
    this.#shape.lastIndex = from;
    const found = this.#shape.exec(text);
    return found ? { start: found.index, end: found.index + found[0].length, groups: [...found] } : undefined;
  }

  /** It finds no empty matches. The runtime's own `replace` costs three times as much where the text is short or has no match. */
  replaceAllBy(text: string, replacement: string): string {
    const shape = this.#shape;
    let result = '';
    let copied = 0;
    shape.lastIndex = 0;
    for (let found = shape.exec(text); found !== null; found = shape.exec(text)) {
      result += text.slice(copied, found.index) + replacement;
      copied = shape.lastIndex;
    }
    return copied === 0 ? text : result + text.slice(copied);
  }
}

class LinearEngine implements Engine {
  readonly #program: Program;
  readonly #dfa: LazyDfa;
  /** Without this text there is no match, and looking for it is cheap; '' if there is none. */
  readonly #required: string;
  #machine: Machine | undefined;

  constructor(program: Program, required: string) {
    this.#program = program;
    this.#dfa = new LazyDfa(program);
    this.#required = required;
  }

  test(text: string): boolean {
    return this.#find(text, 0) >= 0;
  }

  exec(text: string, from: number): Match | undefined {
    const begin = this.#find(text, from);
    if (begin < 0) return undefined;
    this.#machine ??= new Machine(this.#program);
    const slots = this.#machine.exec(text, begin);
    if (!slots) return undefined;
    const groups: (string | undefined)[] = [];
    for (let slot = 0; slot < slots.length; slot += 2) {
      const end = slots[slot + 1] as number;
      groups.push(end < 0 ? undefined : text.slice(slots[slot], end));
    }
    return { start: slots[0] as number, end: slots[1] as number, groups };
  }

  #find(text: string, from: number): number {
    return this.#required === '' || text.includes(this.#required, from) ? this.#dfa.find(text, from) : -1;
  }
}

/** Longer texts are not kept. */
const rememberedLengthMax = 64;

export class Pattern {
  readonly source: string;
  /** Names of the groups by number; '' for 0 and for those without a name. */
  readonly groupNames: readonly string[];
  readonly #engine: Engine;
  #lastText: string | undefined;
  #lastAnswer = false;

  constructor(source: string, groupNames: readonly string[], engine: Engine) {
    this.source = source;
    this.groupNames = groupNames;
    this.#engine = engine;
  }

  /** Whether it matches anywhere in the text. Names and models repeat from span to span, so the last short text and its answer are kept. */
  test(text: string): boolean {
    if (text === this.#lastText) return this.#lastAnswer;
    const answer = this.#engine.test(text);
    if (text.length <= rememberedLengthMax) {
      this.#lastText = text;
      this.#lastAnswer = answer;
    }
    return answer;
  }

  /** The leftmost match at or after `from`, which must not stand within a surrogate pair. */
  exec(text: string, from = 0): Match | undefined {
    return this.#engine.exec(text, from);
  }

  /** Every match replaced by the same text, taken as it is. */
  replaceAllBy(text: string, replacement: string): string {
    return this.#engine.replaceAllBy?.(text, replacement) ?? this.replaceAll(text, () => replacement);
  }

  /** Every match that does not overlap another, replaced. An empty match right behind another match is none (Go's `ReplaceAllStringFunc`). */
  replaceAll(text: string, replacement: (match: Match) => string): string {
    let result = '';
    let copied = 0;
    let from = 0;
    while (from <= text.length) {
      const match = this.#engine.exec(text, from);
      if (!match) break;
      result += text.slice(copied, match.start);
      if (match.end > copied || match.start === 0) result += replacement(match);
      copied = match.end;
      const width = (text.codePointAt(from) ?? 0) > 0xffff ? 2 : 1;
      from = Math.max(from + width, match.end);
    }
    return copied === 0 && result === '' ? text : result + text.slice(copied);
  }
}

/** Throws `PatternError` for what RE2 refuses (backreferences, look-around, counts above 1000) and for what grows too large. */
export function compilePattern(source: string): Pattern {
  const { root, groupNames } = parse(source);
  // Compiled in any case: it holds the limits on size.
  const program = compileProgram(root, groupNames.length - 1);
  const shape = nativePattern(root);
  return new Pattern(source, groupNames, shape ? new NativeEngine(shape) : new LinearEngine(program, requiredText(root)));
}
