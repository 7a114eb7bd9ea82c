/**
 * Comparisons of ints that are clear from a rough number. A BigInt costs an allocation, and the time stamps of a span are four of them; but whether a span
 * took longer than a second is nearly always clear from microseconds. What is not clear is computed as usual.
 */
import type { Evaluation } from '../evaluation.ts';
import type { Estimate, Getter } from '../function.ts';
import type { MathOperator } from '../syntax/tree.ts';
import type { OttlValue } from '../value.ts';

export function estimateOf({ constant, estimate }: Getter<OttlValue>): Estimate | undefined {
  if (typeof constant !== 'bigint') return estimate;
  const number = Number(constant);
  return Number.isSafeInteger(number) ? { errorMax: 0, number: () => number } : undefined;
}

/** Of a sum or difference. As long as it is a safe integer it has no error of its own. */
export function estimateMath(operator: MathOperator, left: Estimate | undefined, right: Estimate | undefined): Estimate | undefined {
  if (!left || !right || (operator !== '+' && operator !== '-')) return undefined;
  const sign = operator === '+' ? 1 : -1;
  return {
    errorMax: left.errorMax + right.errorMax,
    number: (evaluation) => {
      const number = left.number(evaluation) + sign * right.number(evaluation);
      return Number.isSafeInteger(number) ? number : Number.NaN;
    },
  };
}

type Compare = (left: OttlValue, right: OttlValue) => boolean;

/** A test that says `undefined` where the estimate is too close to the constant, or absent. */
export function estimateTest(
  estimate: Estimate,
  compare: Compare,
  constant: OttlValue,
): ((evaluation: Evaluation) => boolean | undefined) | undefined {
  const limit = Number(constant);
  if (typeof constant !== 'bigint' || !Number.isSafeInteger(limit)) return undefined;
  const { errorMax } = estimate;
  const above = compare(1n, 0n);
  const below = compare(-1n, 0n);
  const same = errorMax === 0 ? compare(0n, 0n) : undefined;
  return (evaluation) => {
    const distance = estimate.number(evaluation) - limit;
    if (distance > errorMax) return above;
    if (distance < -errorMax) return below;
    return distance === 0 ? same : undefined;
  };
}
