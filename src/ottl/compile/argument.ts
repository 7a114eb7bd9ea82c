/** Builds what a function's `compile` gets for one argument, by the shape of its parameter. */
import { didYouMean } from '../../model/closest.ts';
import type { Evaluation } from '../evaluation.ts';
import { OttlError } from '../fault.ts';
import type { Getter, MapTarget, Target } from '../function.ts';
import type { LiteralType, ParameterShape } from '../parameter.ts';
import { compilePattern, type Pattern, PatternError } from '../pattern/pattern.ts';
import type { Argument, Expression, Path } from '../syntax/tree.ts';
import { isMap, typeOf } from '../value.ts';
import { buildConverterReference } from './call.ts';
import { compileLambda } from './lambda.ts';
import { compilePath } from './path.ts';
import { type CompiledValue, constantGetter, type Site } from './site.ts';
import { typedGetter } from './typed-getter.ts';
import { compileValue } from './value.ts';

/** An argument, and whether it is the same for every record. */
export interface BuiltArgument {
  readonly value: unknown;
  readonly constant: boolean;
}

type Node = Argument['value'];

function refuse(node: Node, wanted: string, hint?: string): never {
  throw new OttlError(`expected ${wanted}`, { place: node.place, hint });
}

const literalNames: Readonly<Record<LiteralType, string>> = {
  string: 'a string literal',
  int: 'an int literal',
  float: 'a float literal',
  bool: 'true or false',
};

function literalOf(node: Node, type: LiteralType): unknown {
  if (node.kind !== 'literal') return refuse(node, literalNames[type]);
  const { value } = node;
  if (typeOf(value) === type) return value;
  return type === 'float' && typeof value === 'bigint' ? Number(value) : refuse(node, literalNames[type]);
}

function choiceOf(node: Node, choices: readonly string[]): string {
  const wanted = `one of ${choices.map((word) => `"${word}"`).join(', ')}`;
  if (node.kind !== 'literal' || typeof node.value !== 'string') return refuse(node, wanted);
  return choices.includes(node.value) ? node.value : refuse(node, wanted, didYouMean(node.value, choices));
}

function patternOf(source: string): Pattern {
  try {
    return compilePattern(source);
  } catch (error) {
    if (error instanceof PatternError) throw new OttlError(`invalid regular expression: ${error.message}`);
    throw error;
  }
}

function patternGetter(compiled: CompiledValue): Getter<Pattern> {
  const text = typedGetter(compiled, 'string') as Getter<string>;
  if (text.constant !== undefined) return constantGetter(patternOf(text.constant));
  let last: Pattern | undefined;
  return (evaluation) => {
    const source = text(evaluation);
    if (last?.source !== source) last = patternOf(source);
    return last;
  };
}

function expression(node: Node): Expression {
  return node.kind === 'lambda' ? refuse(node, 'a value, not a lambda') : node;
}

function pathOf(node: Node): Path {
  return node.kind === 'path' ? node : refuse(node, 'a path');
}

function readOnly(node: Path): never {
  throw new OttlError(`path "${node.names.join('.')}" is read-only`, { place: node.place });
}

function targetOf(node: Node, site: Site): Target {
  const path = pathOf(node);
  const { get, set } = compilePath(path, site);
  return { get, set: set ?? readOnly(path) };
}

function mapTargetOf(node: Node, site: Site): MapTarget {
  const path = pathOf(node);
  const { type, get, set, open } = compilePath(path, site);
  if (open) return { open, save: () => {} };
  if (!set) return readOnly(path);
  if (type !== 'any' && type !== 'map') refuse(node, `a path to a map, not to ${type}`);
  const copy = (evaluation: Evaluation) => {
    const value = get(evaluation);
    if (!isMap(value)) throw new OttlError(`expected map, got ${typeOf(value)}`);
    return new Map(value);
  };
  return { open: copy, save: (evaluation, map) => set(evaluation, map instanceof Map ? map : new Map(map)) };
}

function listOf(node: Node, of: ParameterShape, site: Site): BuiltArgument {
  if (node.kind !== 'list') return refuse(node, 'a list');
  const elements = node.elements.map((element) => buildArgument(element, of, site));
  return { value: elements.map(({ value }) => value), constant: elements.every(({ constant }) => constant) };
}

function enumerationOf(node: Node, site: Site): bigint {
  if (node.kind !== 'symbol') return refuse(node, 'an enum symbol');
  const value = site.enums.get(node.name);
  return value ?? refuse(node, 'an enum symbol', didYouMean(node.name, site.enums.keys()));
}

function fromGetter(getter: Getter<unknown>): BuiltArgument {
  return { value: getter, constant: getter.constant !== undefined };
}

/** Throws `OttlError` if the argument does not fit. */
export function buildArgument(node: Node, shape: ParameterShape, site: Site): BuiltArgument {
  switch (shape.kind) {
    case 'literal':
      return { value: literalOf(node, shape.type), constant: true };
    case 'choice':
      return { value: choiceOf(node, shape.choices), constant: true };
    case 'getter':
      return fromGetter(typedGetter(compileValue(expression(node), site), shape.type));
    case 'pattern':
      return fromGetter(patternGetter(compileValue(expression(node), site)));
    case 'target':
      return { value: targetOf(node, site), constant: false };
    case 'mapTarget':
      return { value: mapTargetOf(node, site), constant: false };
    case 'list':
      return listOf(node, shape.of, site);
    case 'enumeration':
      return { value: enumerationOf(node, site), constant: true };
    case 'converterReference':
      if (node.kind !== 'symbol') return refuse(node, 'the name of a converter, without parentheses');
      return { value: buildConverterReference(node, site), constant: false };
    case 'lambda':
      if (node.kind !== 'lambda') return refuse(node, 'a lambda, e.g. (value) => value == "x"');
      return { value: compileLambda(node, shape.arities, site), constant: false };
  }
}
