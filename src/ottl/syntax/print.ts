import type { Argument, Expression, LambdaExpression, Literal, Statement } from './tree.ts';

/** How tightly a node binds; a child that binds less than its place asks for gets parentheses. */
const level = { or: 1, and: 2, not: 3, comparison: 4, sum: 5, product: 6, signed: 7, primary: 8 } as const;

function levelOf(node: Expression): number {
  switch (node.kind) {
    case 'or':
    case 'and':
    case 'not':
    case 'comparison':
    case 'signed':
      return level[node.kind];
    case 'math':
      return node.operator === '+' || node.operator === '-' ? level.sum : level.product;
    default:
      return level.primary;
  }
}

/** Control characters by escape, everything else as it is. */
function printString(text: string): string {
  // JSON's escapes are Go's as well, but for lone surrogates, which JSON escapes and Go refuses: they cannot stand in a valid statement.
  return JSON.stringify(text);
}

function printFloat(value: number): string {
  const text = Object.is(value, -0) ? '-0' : `${value}`;
  if (text.includes('.')) return text;
  const exponent = text.indexOf('e');
  return exponent < 0 ? `${text}.0` : `${text.slice(0, exponent)}.0${text.slice(exponent)}`;
}

function printLiteral({ value }: Literal): string {
  switch (typeof value) {
    case 'string':
      return printString(value);
    case 'number':
      return printFloat(value);
    case 'object':
      if (value === null) return 'nil';
      return `0x${Array.from(value, (byte) => byte.toString(16).padStart(2, '0')).join('')}`;
    default:
      return `${value}`;
  }
}

function printAt(node: Expression, least: number): string {
  const text = printExpression(node);
  return levelOf(node) < least ? `(${text})` : text;
}

function printArgument({ name, value }: Argument): string {
  const text = value.kind === 'lambda' ? printLambda(value) : printExpression(value);
  return name === '' ? text : `${name}=${text}`;
}

function printLambda({ names, body }: LambdaExpression): string {
  return `(${names.join(', ')}) => ${printExpression(body)}`;
}

function printArguments(args: readonly Argument[]): string {
  return `(${args.map(printArgument).join(', ')})`;
}

function printKeys(keys: readonly Expression[]): string {
  return keys.map((key) => `[${printExpression(key)}]`).join('');
}

/** A condition or value with no more parentheses than it needs. */
export function printExpression(node: Expression): string {
  switch (node.kind) {
    case 'literal':
      return printLiteral(node);
    case 'symbol':
      return node.name;
    case 'path':
      return node.names.join('.') + printKeys(node.keys);
    case 'converter':
      return node.name + printArguments(node.args) + printKeys(node.keys);
    case 'list':
      return `[${node.elements.map(printExpression).join(', ')}]`;
    case 'map':
      return `{${node.entries.map(([key, value]) => `${printString(key)}: ${printExpression(value)}`).join(', ')}}`;
    case 'signed':
      return `${node.sign}${printAt(node.operand, level.primary)}`;
    case 'not':
      return `not ${printAt(node.operand, level.comparison)}`;
    case 'comparison':
      return `${printAt(node.left, level.sum)} ${node.operator} ${printAt(node.right, level.sum)}`;
    default: {
      const own = levelOf(node);
      return `${printAt(node.left, own)} ${node.kind === 'math' ? node.operator : node.kind} ${printAt(node.right, own + 1)}`;
    }
  }
}

/** The text of a tree: what it parses to is that tree again. */
export function print(node: Statement | Expression): string {
  if (node.kind !== 'statement') return printExpression(node);
  const text = node.editor.name + printArguments(node.editor.args);
  return node.where ? `${text} where ${printExpression(node.where)}` : text;
}
