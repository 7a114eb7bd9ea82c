import { OttlError } from '../fault.ts';
import { keywords, type Token, type TokenKind } from './token.ts';

/** Longest statement, in code units. */
export const statementLengthMax = 65_536;

/**
 * The first rule that matches wins. Numbers have no sign here: a sign is an operator of the grammar.
 * Source: `lexer.go` of the Collector's OTTL, in its newest form.
 */
const rules: readonly (readonly [kind: TokenKind, shape: RegExp])[] = [
  ['bytes', /0x[0-9a-fA-F]+/y],
  ['float', /(?:[0-9]*\.[0-9]+|[0-9]+\.)(?:[eE][+-]?[0-9]+)?/y],
  ['int', /[0-9]+/y],
  // `_` alone names a parameter of a lambda that nobody reads.
  ['word', /[A-Za-z][A-Za-z0-9_]*|_(?![A-Za-z0-9_])/y],
  ['arrow', /=>/y],
  ['comparison', /==|!=|>=|<=|>|</y],
  ['sign', /[+-]/y],
  ['factor', /[*/]/y],
  ['mark', /[=(){}:,.[\]]/y],
];

const space = /\s*/y;

/** End of the string that starts at `start`, behind its closing quote. A scan, since a pattern would recurse over a long string. */
function stringEnd(text: string, start: number): number {
  for (let index = start + 1; index < text.length; index++) {
    const character = text[index];
    if (character === '\\') index++;
    else if (character === '"') return index + 1;
  }
  throw new OttlError('string without a closing quote', { place: { start, end: text.length } });
}

function wordKind(text: string): TokenKind {
  return keywords.has(text) ? 'keyword' : 'word';
}

function tokenAt(text: string, start: number): Token {
  if (text[start] === '"') {
    const end = stringEnd(text, start);
    return { kind: 'string', text: text.slice(start, end), start, end };
  }
  for (const [kind, shape] of rules) {
    shape.lastIndex = start;
    const found = shape.exec(text)?.[0];
    if (found !== undefined) return { kind: kind === 'word' ? wordKind(found) : kind, text: found, start, end: start + found.length };
  }
  const character = String.fromCodePoint(text.codePointAt(start) as number);
  const hint = character === "'" || character === '`' ? 'strings stand in double quotes' : undefined;
  throw new OttlError(`unexpected character ${JSON.stringify(character)}`, { place: { start, end: start + character.length }, hint });
}

/** All tokens of a text and an `end` behind them. Throws `OttlError` with the place. */
export function lex(text: string): Token[] {
  if (text.length > statementLengthMax)
    throw new OttlError(`longer than ${statementLengthMax} characters`, { place: { start: 0, end: 1 } });
  const tokens: Token[] = [];
  let position = 0;
  for (;;) {
    space.lastIndex = position;
    position += space.exec(text)?.[0].length ?? 0;
    if (position >= text.length) break;
    const token = tokenAt(text, position);
    tokens.push(token);
    position = token.end;
  }
  tokens.push({ kind: 'end', text: '', start: text.length, end: text.length });
  return tokens;
}
