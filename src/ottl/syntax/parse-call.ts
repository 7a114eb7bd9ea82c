import { OttlError } from '../fault.ts';
import type { Cursor } from './cursor.ts';
import { parseOr } from './parse.ts';
import type { Argument, Expression, LambdaExpression } from './tree.ts';

/** Whether `( [name {"," name}] ) =>` stands here. */
function atLambda(cursor: Cursor): boolean {
  if (!cursor.at('(')) return false;
  let ahead = 1;
  while (cursor.is('word', ahead)) {
    ahead++;
    if (!cursor.at(',', ahead)) break;
    ahead++;
  }
  return cursor.at(')', ahead) && cursor.is('arrow', ahead + 1);
}

/** A lambda's parameter that its body does not read; any number of them. */
export const unread = '_';

function parseLambda(cursor: Cursor): LambdaExpression {
  const { start } = cursor.expect('(');
  const names: string[] = [];
  while (!cursor.at(')')) {
    const token = cursor.next();
    if (!/^(?:[a-z][a-z0-9_]*|_)$/.test(token.text))
      throw new OttlError(`invalid lambda name "${token.text}"`, { place: token, hint: 'write it in lower case' });
    if (token.text !== unread && names.includes(token.text))
      throw new OttlError(`lambda name "${token.text}" stands twice`, { place: token });
    names.push(token.text);
    cursor.take(',');
  }
  cursor.expect(')');
  cursor.next();
  const body = cursor.nested(() => parseOr(cursor));
  return { kind: 'lambda', names, body, place: { start, end: cursor.end } };
}

function parseArgument(cursor: Cursor): Argument {
  const { start } = cursor.peek();
  const named = cursor.is('word') && cursor.at('=', 1);
  const name = named ? cursor.next().text : '';
  if (named) cursor.next();
  const value = atLambda(cursor) ? parseLambda(cursor) : parseOr(cursor);
  return { name, value, place: { start, end: cursor.end } };
}

/** `name(args)`: positional arguments first, then named ones. The present token is the name. */
export function parseCall(cursor: Cursor): { readonly name: string; readonly args: readonly Argument[] } {
  const name = cursor.next().text;
  cursor.expect('(');
  const args: Argument[] = [];
  while (!cursor.at(')')) {
    const argument = parseArgument(cursor);
    if (argument.name === '' && args.at(-1)?.name) {
      throw new OttlError('positional argument after a named one', { place: argument.place, hint: 'name it, or move it to the front' });
    }
    args.push(argument);
    if (!cursor.at(')')) cursor.expect(',');
  }
  cursor.expect(')');
  return { name, args };
}

/** `["key"][0]…`, possibly none. */
export function parseKeys(cursor: Cursor): readonly Expression[] {
  const keys: Expression[] = [];
  while (cursor.take('[')) {
    keys.push(parseOr(cursor));
    cursor.expect(']');
  }
  return keys;
}
