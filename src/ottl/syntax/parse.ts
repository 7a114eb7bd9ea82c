/**
 * Text to tree. Read this file first: it holds the grammar, one function per rule.
 *
 *     statement  = editor [ "where" or ]
 *     or         = and { "or" and }              and = not { "and" not }          not = [ "not" ] comparison
 *     comparison = sum [ ("==" | "!=" | "<" | "<=" | ">" | ">=") sum ]
 *     sum        = product { ("+" | "-") product }        product = signed { ("*" | "/") signed }
 *     signed     = [ "+" | "-" ] primary
 *     primary    = "(" or ")" | literal | list | map | symbol | converter | path
 *
 * Values and conditions share one tree, so that a parenthesis needs no guessing; the compiler refuses a condition where a value belongs.
 * Source: LANGUAGE.md and `grammar.go` of the Collector's OTTL.
 */
import type { Comparison } from '../compare.ts';
import { OttlError } from '../fault.ts';
import { Cursor } from './cursor.ts';
import { parseCall, parseKeys } from './parse-call.ts';
import { parseLiteral } from './parse-literal.ts';
import type { Expression, ListLiteral, MapLiteral, MathOperator, Path, Statement } from './tree.ts';
import { unquote } from './unquote.ts';

const lowerName = /^[a-z][a-z0-9_]*$/;

export function parseOr(cursor: Cursor): Expression {
  const { start } = cursor.peek();
  let left = parseAnd(cursor);
  while (cursor.take('or')) {
    const right = parseAnd(cursor);
    left = { kind: 'or', left, right, place: { start, end: cursor.end } };
  }
  return left;
}

function parseAnd(cursor: Cursor): Expression {
  const { start } = cursor.peek();
  let left = parseNot(cursor);
  while (cursor.take('and')) {
    const right = parseNot(cursor);
    left = { kind: 'and', left, right, place: { start, end: cursor.end } };
  }
  return left;
}

function parseNot(cursor: Cursor): Expression {
  const { start } = cursor.peek();
  if (!cursor.take('not')) return parseComparison(cursor);
  const operand = parseComparison(cursor);
  return { kind: 'not', operand, place: { start, end: cursor.end } };
}

function parseComparison(cursor: Cursor): Expression {
  const { start } = cursor.peek();
  const left = parseSum(cursor);
  if (cursor.at('=')) cursor.refuse('a comparison', 'equality is "=="');
  if (!cursor.is('comparison')) return left;
  const operator = cursor.next().text as Comparison;
  const right = parseSum(cursor);
  if (cursor.is('comparison')) cursor.refuse('"and", "or" or the end', 'comparisons do not chain');
  return { kind: 'comparison', operator, left, right, place: { start, end: cursor.end } };
}

function parseSum(cursor: Cursor): Expression {
  const { start } = cursor.peek();
  let left = parseProduct(cursor);
  while (cursor.is('sign')) {
    const operator = cursor.next().text as MathOperator;
    const right = parseProduct(cursor);
    left = { kind: 'math', operator, left, right, place: { start, end: cursor.end } };
  }
  return left;
}

function parseProduct(cursor: Cursor): Expression {
  const { start } = cursor.peek();
  let left = parseSigned(cursor);
  while (cursor.is('factor')) {
    const operator = cursor.next().text as MathOperator;
    const right = parseSigned(cursor);
    left = { kind: 'math', operator, left, right, place: { start, end: cursor.end } };
  }
  return left;
}

function parseSigned(cursor: Cursor): Expression {
  const { start } = cursor.peek();
  if (!cursor.is('sign')) return parsePrimary(cursor);
  const sign = cursor.next().text as '+' | '-';
  if (cursor.is('sign')) cursor.refuse('a number, path, converter or "("');
  const number = cursor.is('int') || cursor.is('float') ? parseLiteral(cursor, sign === '-') : undefined;
  const operand = number ?? parsePrimary(cursor);
  const place = { start, end: cursor.end };
  if (operand.kind === 'literal') {
    const { value } = operand;
    if (typeof value === 'bigint') return { kind: 'literal', value: sign === '-' ? BigInt.asIntN(64, -value) : value, place };
    if (typeof value === 'number') return { kind: 'literal', value: sign === '-' ? -value : value, place };
  }
  return { kind: 'signed', sign, operand, place };
}

function parsePrimary(cursor: Cursor): Expression {
  return cursor.nested(() => {
    if (cursor.take('(')) {
      const inner = parseOr(cursor);
      cursor.expect(')');
      return inner;
    }
    if (cursor.at('[')) return parseList(cursor);
    if (cursor.at('{')) return parseMap(cursor);
    return parseLiteral(cursor) ?? parseNamed(cursor);
  });
}

function parseNamed(cursor: Cursor): Expression {
  const token = cursor.peek();
  if (token.kind !== 'word') cursor.refuse('a value');
  const first = token.text[0] as string;
  if (first >= 'a') {
    if (cursor.at('(', 1)) {
      throw new OttlError(`editor "${token.text}" cannot be used as a value`, {
        place: token,
        hint: 'converters start with an upper-case letter',
      });
    }
    return parsePath(cursor);
  }
  if (cursor.at('(', 1)) {
    const call = parseCall(cursor);
    const keys = parseKeys(cursor);
    return { kind: 'converter', ...call, keys, place: { start: token.start, end: cursor.end } };
  }
  cursor.next();
  if (cursor.at('[')) cursor.refuse('an operator or the end', 'only paths and converters may be indexed');
  return { kind: 'symbol', name: token.text, place: token };
}

function parsePath(cursor: Cursor): Path {
  const { start } = cursor.peek();
  const names: string[] = [];
  do {
    const token = cursor.peek();
    if (token.kind !== 'word') cursor.refuse('a field name');
    if (!lowerName.test(token.text)) {
      throw new OttlError(`invalid path name "${token.text}"`, {
        place: token,
        hint: 'names in paths are lower case; other keys stand in ["…"]',
      });
    }
    names.push(cursor.next().text);
  } while (cursor.take('.'));
  const keys = parseKeys(cursor);
  if (cursor.at('.')) cursor.refuse('an operator or the end', 'behind a key stand only keys: ["…"]');
  return { kind: 'path', names, keys, place: { start, end: cursor.end } };
}

function parseList(cursor: Cursor): ListLiteral {
  const { start } = cursor.expect('[');
  const elements: Expression[] = [];
  while (!cursor.at(']')) {
    elements.push(parseOr(cursor));
    if (!cursor.at(']')) cursor.expect(',');
  }
  cursor.expect(']');
  return { kind: 'list', elements, place: { start, end: cursor.end } };
}

function parseMap(cursor: Cursor): MapLiteral {
  const { start } = cursor.expect('{');
  const entries: (readonly [string, Expression])[] = [];
  while (!cursor.at('}')) {
    if (!cursor.is('string')) cursor.refuse('a key in double quotes');
    const key = unquote(cursor.next());
    cursor.expect(':');
    entries.push([key, parseOr(cursor)]);
    if (!cursor.at('}')) cursor.expect(',');
  }
  cursor.expect('}');
  return { kind: 'map', entries, place: { start, end: cursor.end } };
}

function finished<T>(cursor: Cursor, tree: T): T {
  if (cursor.is('end')) return tree;
  if (cursor.at('where')) cursor.refuse('the end', '"where" belongs to statements; a condition stands alone');
  return cursor.refuse('an operator or the end');
}

/** A statement: an editor and perhaps `where` a condition. Throws `OttlError` with the place. */
export function parseStatement(text: string): Statement {
  const cursor = new Cursor(text);
  const token = cursor.peek();
  if (token.kind !== 'word' || !cursor.at('(', 1)) cursor.refuse('an editor, such as set(…)');
  if (!lowerName.test(token.text)) {
    throw new OttlError(`"${token.text}" cannot start a statement`, { place: token, hint: 'editors are written in lower case' });
  }
  const editor = { ...parseCall(cursor), place: { start: token.start, end: cursor.end } };
  if (cursor.at('[')) cursor.refuse('"where" or the end', 'only paths and converters may be indexed');
  const where = cursor.take('where') ? parseOr(cursor) : undefined;
  if (!cursor.is('end')) cursor.refuse(where ? '"and", "or" or the end' : '"where" or the end');
  return { kind: 'statement', editor, where, place: { start: token.start, end: cursor.end } };
}

/** A condition or a value expression alone. Throws `OttlError` with the place. */
export function parseExpression(text: string): Expression {
  const cursor = new Cursor(text);
  return finished(cursor, parseOr(cursor));
}
