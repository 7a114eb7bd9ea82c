import { type Comparison, comparisons } from '../compare.ts';
import type { Evaluation } from '../evaluation.ts';
import { OttlError } from '../fault.ts';
import type { Getter } from '../function.ts';
import type { AttributeQuery } from '../parameter.ts';
import type { ComparisonExpression, ConverterCall, Expression, Logical } from '../syntax/tree.ts';
import { type OttlValue, typeOf } from '../value.ts';
import { compileConverter } from './call.ts';
import { estimateTest } from './estimate.ts';
import { constantGetter, type Site } from './site.ts';
import { compileValue } from './value.ts';

export type CompiledCondition = Getter<boolean>;

/** Most conditions ask whether a value is a certain text or nil: for those identity is enough. */
function byIdentity(operator: Comparison, value: OttlValue): boolean {
  return isIdentity(operator) && (value === null || typeof value === 'string' || typeof value === 'boolean');
}

function isIdentity(operator: Comparison): boolean {
  return operator === '==' || operator === '!=';
}

/** The same of an attribute, whose value need not be made for it. */
function attributeTest(attribute: AttributeQuery, value: OttlValue): ((evaluation: Evaluation) => boolean) | undefined {
  if (value === null) return (evaluation) => attribute.typeOf(evaluation) === 'nil';
  return typeof value === 'string' ? attribute.textTest(value) : undefined;
}

function compileComparison({ operator, left, right }: ComparisonExpression, site: Site): CompiledCondition {
  const one = compileValue(left, site).get;
  const other = compileValue(right, site).get;
  const compare = comparisons[operator];
  const { constant } = other;
  if (constant === undefined) return (evaluation) => compare(one(evaluation), other(evaluation));
  if (one.constant !== undefined) return constantGetter(compare(one.constant, constant));
  const test = one.attribute && isIdentity(operator) ? attributeTest(one.attribute, constant) : undefined;
  if (test) return operator === '==' ? test : (evaluation) => !test(evaluation);
  const estimated = one.estimate && estimateTest(one.estimate, compare, constant);
  if (estimated) return (evaluation) => estimated(evaluation) ?? compare(one(evaluation), constant);
  if (!byIdentity(operator, constant)) return (evaluation) => compare(one(evaluation), constant);
  return operator === '==' ? (evaluation) => one(evaluation) === constant : (evaluation) => one(evaluation) !== constant;
}

function compileTest(node: ConverterCall, site: Site): CompiledCondition {
  const { type, get } = compileConverter(node, site);
  if (type !== 'bool' && type !== 'any') {
    throw new OttlError(`condition must be bool, but ${node.name} gives ${type}`, { place: node.place, hint: 'compare it with a value' });
  }
  if (typeof get.constant === 'boolean') return constantGetter(get.constant);
  const { name } = node;
  return (evaluation) => {
    const value = get(evaluation);
    if (typeof value !== 'boolean') throw new OttlError(`condition must be bool, but ${name} gave ${typeOf(value)}`);
    return value;
  };
}

function compileLogical(node: Logical, site: Site): CompiledCondition {
  const left = compileCondition(node.left, site);
  const right = compileCondition(node.right, site);
  const neutral = node.kind === 'and';
  if (left.constant !== undefined) return left.constant === neutral ? right : left;
  if (right.constant === neutral) return left;
  if (node.kind === 'and') return (evaluation) => left(evaluation) && right(evaluation);
  return (evaluation) => left(evaluation) || right(evaluation);
}

/** Throws `OttlError` with its place if the expression is no condition or names something unknown. */
export function compileCondition(node: Expression, site: Site): CompiledCondition {
  switch (node.kind) {
    case 'and':
    case 'or':
      return compileLogical(node, site);
    case 'not': {
      const operand = compileCondition(node.operand, site);
      return operand.constant === undefined ? (evaluation) => !operand(evaluation) : constantGetter(!operand.constant);
    }
    case 'comparison':
      return compileComparison(node, site);
    case 'converter':
      return compileTest(node, site);
    case 'literal':
      if (typeof node.value === 'boolean') return constantGetter(node.value);
      break;
  }
  const hint = node.kind === 'path' ? 'compare it with a value, e.g. == true' : undefined;
  throw new OttlError('a value alone is no condition', { place: node.place, hint });
}
