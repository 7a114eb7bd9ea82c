import { OttlError } from '../fault.ts';
import type { MathOperator } from '../syntax/tree.ts';
import { Duration, type OttlValue, Time, typeOf } from '../value.ts';

function wrap(value: bigint): bigint {
  return BigInt.asIntN(64, value);
}

function ints(operator: MathOperator, left: bigint, right: bigint): bigint {
  switch (operator) {
    case '+':
      return wrap(left + right);
    case '-':
      return wrap(left - right);
    case '*':
      return wrap(left * right);
    case '/':
      if (right === 0n) throw new OttlError('division by zero');
      return wrap(left / right);
  }
}

function floats(operator: MathOperator, left: number, right: number): number {
  switch (operator) {
    case '+':
      return left + right;
    case '-':
      return left - right;
    case '*':
      return left * right;
    case '/':
      if (right === 0) throw new OttlError('division by zero');
      return left / right;
  }
}

function times(operator: MathOperator, left: OttlValue, right: OttlValue): OttlValue | undefined {
  if (operator === '+') {
    if (left instanceof Time && right instanceof Duration) return new Time(left.unixNano + right.nanos, left.zone);
    if (left instanceof Duration && right instanceof Time) return new Time(left.nanos + right.unixNano, right.zone);
    if (left instanceof Duration && right instanceof Duration) return new Duration(left.nanos + right.nanos);
  }
  if (operator === '-') {
    if (left instanceof Time && right instanceof Time) return new Duration(left.unixNano - right.unixNano);
    if (left instanceof Time && right instanceof Duration) return new Time(left.unixNano - right.nanos, left.zone);
    if (left instanceof Duration && right instanceof Duration) return new Duration(left.nanos - right.nanos);
  }
  return undefined;
}

/** `left operator right`. Ints wrap at 64 bits and divide toward zero; an int that meets a float becomes one. Throws `OttlError`. */
export function calculate(operator: MathOperator, left: OttlValue, right: OttlValue): OttlValue {
  if (typeof left === 'bigint') {
    if (typeof right === 'bigint') return ints(operator, left, right);
    if (typeof right === 'number') return floats(operator, Number(left), right);
  } else if (typeof left === 'number') {
    if (typeof right === 'number') return floats(operator, left, right);
    if (typeof right === 'bigint') return floats(operator, left, Number(right));
  }
  const result = times(operator, left, right);
  if (result === undefined) throw new OttlError(`cannot calculate ${typeOf(left)} ${operator} ${typeOf(right)}`);
  return result;
}

/** `+value` or `-value` of an int or float. */
export function signed(sign: '+' | '-', value: OttlValue): OttlValue {
  if (typeof value === 'bigint') return sign === '-' ? wrap(-value) : value;
  if (typeof value === 'number') return sign === '-' ? -value : value;
  throw new OttlError(`cannot put a sign before ${typeOf(value)}`);
}
