/** Compiles value expressions to closures; constants are computed at load. */
import { didYouMean } from '../../model/closest.ts';
import type { Evaluation } from '../evaluation.ts';
import { OttlError } from '../fault.ts';
import type { Getter, ResultType } from '../function.ts';
import type { Expression, ListLiteral, MapLiteral, MathExpression, Signed, SymbolName } from '../syntax/tree.ts';
import { type OttlValue, typeOf } from '../value.ts';
import { compileConverter } from './call.ts';
import { estimateMath, estimateOf } from './estimate.ts';
import { calculate, signed } from './math.ts';
import { compilePath } from './path.ts';
import { type CompiledValue, constantGetter, type Site } from './site.ts';

export function constantValue(value: OttlValue): CompiledValue {
  return { type: typeOf(value), get: constantGetter(value) };
}

function compileSymbol({ name, place }: SymbolName, site: Site): CompiledValue {
  const value = site.enums.get(name);
  if (value !== undefined) return constantValue(value);
  const hint = site.functions.has(name) ? `a converter is called with parentheses: ${name}()` : didYouMean(name, site.enums.keys());
  throw new OttlError(`unknown enum symbol "${name}"`, { place, hint });
}

function compileList({ elements }: ListLiteral, site: Site): CompiledValue {
  const getters = elements.map((element) => compileValue(element, site).get);
  const list = (evaluation: Evaluation): OttlValue => getters.map((get) => get(evaluation));
  if (getters.every((get) => get.constant !== undefined)) return constantValue(getters.map((get) => get.constant as OttlValue));
  return { type: 'list', get: list };
}

function compileMap({ entries }: MapLiteral, site: Site): CompiledValue {
  const getters = entries.map(([key, value]) => [key, compileValue(value, site).get] as const);
  if (getters.every(([, get]) => get.constant !== undefined)) {
    return constantValue(new Map(getters.map(([key, get]) => [key, get.constant as OttlValue])));
  }
  return { type: 'map', get: (evaluation) => new Map(getters.map(([key, get]) => [key, get(evaluation)])) };
}

const mathTypes: ReadonlySet<ResultType> = new Set<ResultType>(['int', 'float', 'time', 'duration', 'any']);

function operand(node: Expression, site: Site): CompiledValue {
  const compiled = compileValue(node, site);
  if (!mathTypes.has(compiled.type)) throw new OttlError(`cannot calculate with ${compiled.type}`, { place: node.place });
  return compiled;
}

function mathType(left: ResultType, right: ResultType): ResultType {
  if (left === 'int' && right === 'int') return 'int';
  return (left === 'float' && (right === 'int' || right === 'float')) || (left === 'int' && right === 'float') ? 'float' : 'any';
}

function compileMath(node: MathExpression, site: Site): CompiledValue {
  const { operator } = node;
  const left = operand(node.left, site);
  const right = operand(node.right, site);
  if (left.get.constant !== undefined && right.get.constant !== undefined) {
    try {
      return constantValue(calculate(operator, left.get.constant, right.get.constant));
    } catch (error) {
      if (!(error instanceof OttlError)) throw error;
      throw new OttlError(error.reason, { place: node.place, hint: 'both sides are constants: it would fail every time' });
    }
  }
  const [one, other] = [left.get, right.get];
  const get = (evaluation: Evaluation): OttlValue => calculate(operator, one(evaluation), other(evaluation));
  const estimate = estimateMath(operator, estimateOf(one), estimateOf(other));
  return { type: mathType(left.type, right.type), get: estimate ? Object.assign(get, { estimate }) : get };
}

function compileSigned({ sign, operand: node, place }: Signed, site: Site): CompiledValue {
  const { type, get } = compileValue(node, site);
  if (type !== 'int' && type !== 'float' && type !== 'any') throw new OttlError(`cannot put a sign before ${type}`, { place });
  if (get.constant !== undefined) return constantValue(signed(sign, get.constant));
  return { type, get: (evaluation) => signed(sign, get(evaluation)) };
}

/** Throws `OttlError` with its place if the expression is no value or names something unknown. */
export function compileValue(node: Expression, site: Site): CompiledValue {
  switch (node.kind) {
    case 'literal':
      return constantValue(node.value);
    case 'symbol':
      return compileSymbol(node, site);
    case 'path': {
      const { type, get } = compilePath(node, site);
      return { type, get: get satisfies Getter<OttlValue> };
    }
    case 'converter':
      return compileConverter(node, site);
    case 'list':
      return compileList(node, site);
    case 'map':
      return compileMap(node, site);
    case 'math':
      return compileMath(node, site);
    case 'signed':
      return compileSigned(node, site);
    default:
      throw new OttlError('a condition cannot be used as a value', { place: node.place });
  }
}
