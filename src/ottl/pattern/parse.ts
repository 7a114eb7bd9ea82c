/** Parses RE2's syntax and refuses what RE2 refuses. Source: RE2's syntax page and Go's `regexp/syntax`. */
import { withCases } from './fold.ts';
import { takeClass } from './parse-class.ts';
import { takeClassEscape, takeEscape } from './parse-escape.ts';
import { anything, notNewline } from './ranges.ts';
import { Reader } from './reader.ts';
import { type Assertion, type Node, type Parsed, PatternError } from './tree.ts';

const sourceLengthMax = 16_384;
const repeatMax = 1_000;
const depthMax = 250;
const groupsMax = 256;

/** `i`, `m`, `s`, `U` as they hold at a place. */
interface Flags {
  readonly foldCase: boolean;
  readonly multiLine: boolean;
  readonly dotNewline: boolean;
  readonly swapGreed: boolean;
}

const flagNames: ReadonlyMap<string, keyof Flags> = new Map([
  ['i', 'foldCase'],
  ['m', 'multiLine'],
  ['s', 'dotNewline'],
  ['U', 'swapGreed'],
]);

const assertions: ReadonlyMap<string, Assertion> = new Map([
  ['A', 'textStart'],
  ['z', 'textEnd'],
  ['b', 'wordBoundary'],
  ['B', 'noWordBoundary'],
]);

class Parser {
  readonly #reader: Reader;
  readonly groupNames: string[] = [''];
  #flags: Flags = { foldCase: false, multiLine: false, dotNewline: false, swapGreed: false };
  #depth = 0;

  constructor(source: string) {
    this.#reader = new Reader(source);
  }

  parse(): Node {
    const root = this.#alternate();
    if (!this.#reader.done) {
      this.#reader.next();
      this.#reader.refuse('unexpected )', 0);
    }
    return root;
  }

  #alternate(): Node {
    const flags = this.#flags;
    const branches = [this.#concat()];
    while (this.#reader.take('|')) branches.push(this.#concat());
    this.#flags = flags;
    return branches.length === 1 ? (branches[0] as Node) : { kind: 'alternate', branches };
  }

  #concat(): Node {
    const parts: Node[] = [];
    const reader = this.#reader;
    while (!reader.done && reader.peek() !== '|' && reader.peek() !== ')') {
      if (reader.take('\\Q')) parts.push(...this.#quoted());
      else if (reader.take('\\E')) continue;
      else {
        const atom = this.#atom();
        if (atom) parts.push(this.#repeated(atom));
      }
    }
    return parts.length === 0 ? { kind: 'empty' } : parts.length === 1 ? (parts[0] as Node) : { kind: 'concat', parts };
  }

  /** The characters between `\Q` and `\E`; an operator behind them belongs to the last. */
  #quoted(): Node[] {
    const reader = this.#reader;
    const parts: Node[] = [];
    while (!reader.done && !reader.at('\\E')) parts.push(this.#character(reader.next().codePointAt(0) as number));
    reader.take('\\E');
    const last = parts.pop();
    if (last) parts.push(this.#repeated(last));
    return parts;
  }

  #character(codePoint: number): Node {
    const ranges = [codePoint, codePoint];
    return { kind: 'set', ranges: this.#flags.foldCase ? withCases(ranges) : ranges };
  }

  /** `undefined` for what matches nothing by itself: `(?i)`. */
  #atom(): Node | undefined {
    const reader = this.#reader;
    const { foldCase, multiLine, dotNewline } = this.#flags;
    switch (reader.peek()) {
      case '(':
        return this.#group();
      case '[':
        return { kind: 'set', ranges: takeClass(reader, foldCase) };
      case '.':
        reader.next();
        return { kind: 'set', ranges: dotNewline ? anything : notNewline };
      case '^':
        reader.next();
        return { kind: 'assert', assertion: multiLine ? 'lineStart' : 'textStart' };
      case '$':
        reader.next();
        return { kind: 'assert', assertion: multiLine ? 'lineEnd' : 'textEnd' };
      case '*':
      case '+':
      case '?':
        reader.next();
        return reader.refuse('missing argument to repetition operator', reader.position - 1);
      case '\\':
        return this.#escape();
      default: {
        const start = reader.position;
        if (this.#bounds()) reader.refuse('missing argument to repetition operator', start);
        return this.#character(reader.next().codePointAt(0) as number);
      }
    }
  }

  #escape(): Node {
    const reader = this.#reader;
    const assertion = assertions.get(reader.peek(1));
    if (assertion) {
      reader.position += 2;
      return { kind: 'assert', assertion };
    }
    const ranges = takeClassEscape(reader);
    if (ranges) return { kind: 'set', ranges: this.#flags.foldCase ? withCases(ranges) : ranges };
    return this.#character(takeEscape(reader));
  }

  /** `{n}`, `{n,}` or `{n,m}`. Anything else in braces is text. */
  #bounds(): readonly [min: number, max: number] | undefined {
    const reader = this.#reader;
    const start = reader.position;
    if (!reader.take('{')) return undefined;
    const min = reader.takeWhile(/^[0-9]$/, 8);
    const open = reader.take(',');
    const max = open ? reader.takeWhile(/^[0-9]$/, 8) : min;
    if (min === '' || !reader.take('}')) {
      reader.position = start;
      return undefined;
    }
    const [least, most] = [Number(min), max === '' ? Number.POSITIVE_INFINITY : Number(max)];
    const tooMany = least > repeatMax || (most > repeatMax && most !== Number.POSITIVE_INFINITY) || least > most;
    return tooMany ? reader.refuse('invalid repeat count', start) : [least, most];
  }

  #operator(): readonly [min: number, max: number] | undefined {
    const reader = this.#reader;
    if (reader.take('*')) return [0, Number.POSITIVE_INFINITY];
    if (reader.take('+')) return [1, Number.POSITIVE_INFINITY];
    if (reader.take('?')) return [0, 1];
    return this.#bounds();
  }

  #repeated(body: Node): Node {
    const reader = this.#reader;
    const start = reader.position;
    const bounds = this.#operator();
    if (!bounds) return body;
    const lazy = reader.take('?');
    if (this.#operator()) reader.refuse('invalid nested repetition operator', start);
    const [min, max] = bounds;
    return { kind: 'repeat', body, min, max, greedy: lazy === this.#flags.swapGreed };
  }

  #group(): Node | undefined {
    const reader = this.#reader;
    const start = reader.position;
    reader.next();
    if (++this.#depth > depthMax) throw new PatternError(`expression nests deeper than ${depthMax} levels`);
    const flags = this.#flags;
    let index = 0;
    if (!reader.take('?')) index = this.#newGroup('');
    else if (reader.take('P<') || (reader.at('<') && !reader.at('<=') && !reader.at('<!') && reader.take('<'))) index = this.#named(start);
    else if (!this.#flagGroup(start)) {
      this.#depth--;
      return undefined;
    }
    const body = this.#alternate();
    if (!reader.take(')')) reader.refuse('missing closing )', start);
    this.#flags = flags;
    this.#depth--;
    return index === 0 ? body : { kind: 'group', index, body };
  }

  #named(start: number): number {
    const reader = this.#reader;
    const name = reader.takeWhile(/^[A-Za-z0-9_]$/, 128);
    if (name === '' || !reader.take('>')) reader.refuse('invalid named capture', start);
    if (this.groupNames.includes(name)) throw new PatternError(`duplicate capture group name: ${JSON.stringify(name)}`);
    return this.#newGroup(name);
  }

  #newGroup(name: string): number {
    if (this.groupNames.length > groupsMax) throw new PatternError(`more than ${groupsMax} groups`);
    return this.groupNames.push(name) - 1;
  }

  /** `(?flags:` opens a group: true. `(?flags)` only sets them, up to the end of the group around: false. */
  #flagGroup(start: number): boolean {
    const reader = this.#reader;
    let flags = this.#flags;
    let on = true;
    let any = false;
    for (;;) {
      const character = reader.next();
      const name = flagNames.get(character);
      if (name) {
        flags = { ...flags, [name]: on };
        any = true;
      } else if (character === '-' && on) {
        on = false;
        any = false;
      } else if ((character === ':' || character === ')') && (on || any)) {
        this.#flags = flags;
        return character === ':';
      } else reader.refuse('invalid or unsupported Perl syntax', start);
    }
  }
}

/** Throws `PatternError` where RE2 would, with its words. */
export function parse(source: string): Parsed {
  if (source.length > sourceLengthMax) throw new PatternError(`expression longer than ${sourceLengthMax} characters`);
  const parser = new Parser(source);
  return { root: parser.parse(), groupNames: parser.groupNames };
}
