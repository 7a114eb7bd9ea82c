import { OttlError } from '../fault.ts';
import { lex } from './lex.ts';
import type { Token, TokenKind } from './token.ts';

const depthMax = 64;

function shown(token: Token): string {
  return token.kind === 'end' ? 'the end' : token.kind === 'string' ? 'a string' : JSON.stringify(token.text);
}

/** A position in the tokens of one text. */
export class Cursor {
  readonly #tokens: readonly Token[];
  #position = 0;
  #depth = 0;

  constructor(text: string) {
    this.#tokens = lex(text);
  }

  /** The token `ahead` of the present one; the `end` token repeats. */
  peek(ahead = 0): Token {
    return this.#tokens[Math.min(this.#position + ahead, this.#tokens.length - 1)] as Token;
  }

  next(): Token {
    const token = this.peek();
    this.#position++;
    return token;
  }

  /** End of the last token taken. */
  get end(): number {
    return this.#tokens[this.#position - 1]?.end ?? 0;
  }

  at(text: string, ahead = 0): boolean {
    const token = this.peek(ahead);
    return token.text === text && token.kind !== 'string';
  }

  is(kind: TokenKind, ahead = 0): boolean {
    return this.peek(ahead).kind === kind;
  }

  /** Takes the token if it is this one. */
  take(text: string): boolean {
    if (!this.at(text)) return false;
    this.#position++;
    return true;
  }

  expect(text: string): Token {
    if (!this.at(text)) this.refuse(JSON.stringify(text));
    return this.next();
  }

  refuse(wanted: string, hint?: string): never {
    const token = this.peek();
    throw new OttlError(`expected ${wanted}, found ${shown(token)}`, { place: token, hint });
  }

  /** Runs `parse` one level deeper. */
  nested<T>(parse: () => T): T {
    if (++this.#depth > depthMax) throw new OttlError(`nested deeper than ${depthMax} levels`, { place: this.peek() });
    const result = parse();
    this.#depth--;
    return result;
  }
}
