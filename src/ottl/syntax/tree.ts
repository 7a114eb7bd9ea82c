/** What a statement is once it is parsed: plain data. Every node knows its place in the text. */
import type { Comparison } from '../compare.ts';
import type { Place } from '../fault.ts';

interface Node {
  readonly place: Place;
}

export interface Literal extends Node {
  readonly kind: 'literal';
  readonly value: null | string | bigint | number | boolean | Uint8Array;
}

/** A bare upper-case name: an enum, or a converter that is passed by name. */
export interface SymbolName extends Node {
  readonly kind: 'symbol';
  readonly name: string;
}

/** `span.attributes["a"][0]`: names between dots, keys behind the last of them. */
export interface Path extends Node {
  readonly kind: 'path';
  readonly names: readonly string[];
  readonly keys: readonly Expression[];
}

export interface ConverterCall extends Node {
  readonly kind: 'converter';
  readonly name: string;
  readonly args: readonly Argument[];
  readonly keys: readonly Expression[];
}

export interface ListLiteral extends Node {
  readonly kind: 'list';
  readonly elements: readonly Expression[];
}

export interface MapLiteral extends Node {
  readonly kind: 'map';
  readonly entries: readonly (readonly [key: string, value: Expression])[];
}

export type MathOperator = '+' | '-' | '*' | '/';

export interface MathExpression extends Node {
  readonly kind: 'math';
  readonly operator: MathOperator;
  readonly left: Expression;
  readonly right: Expression;
}

/** A sign before a path, converter or parenthesis; a sign before a number is part of the literal. */
export interface Signed extends Node {
  readonly kind: 'signed';
  readonly sign: '+' | '-';
  readonly operand: Expression;
}

export interface ComparisonExpression extends Node {
  readonly kind: 'comparison';
  readonly operator: Comparison;
  readonly left: Expression;
  readonly right: Expression;
}

export interface Logical extends Node {
  readonly kind: 'and' | 'or';
  readonly left: Expression;
  readonly right: Expression;
}

export interface Not extends Node {
  readonly kind: 'not';
  readonly operand: Expression;
}

/** One tree for values and conditions; the compiler says where which is allowed. */
export type Expression =
  | Literal
  | SymbolName
  | Path
  | ConverterCall
  | ListLiteral
  | MapLiteral
  | MathExpression
  | Signed
  | ComparisonExpression
  | Logical
  | Not;

export interface LambdaExpression extends Node {
  readonly kind: 'lambda';
  readonly names: readonly string[];
  readonly body: Expression;
}

export interface Argument extends Node {
  /** '' for a positional one. */
  readonly name: string;
  readonly value: Expression | LambdaExpression;
}

export interface EditorCall extends Node {
  readonly name: string;
  readonly args: readonly Argument[];
}

export interface Statement extends Node {
  readonly kind: 'statement';
  readonly editor: EditorCall;
  readonly where: Expression | undefined;
}
