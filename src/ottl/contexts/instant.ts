import type { Evaluation } from '../evaluation.ts';
import { OttlError } from '../fault.ts';
import { type OttlValue, Time, typeOf } from '../value.ts';
import { expectInt, type Fields } from './field.ts';

/** What is missing in microseconds, and what a double of their thousandfold rounds away. */
const errorMax = 2_048;
/** Beyond it the unsigned count on the wire comes near to where int64 turns negative. */
const nanosMax = 2 ** 62;

/**
 * `name` (a time) and `name_unix_nano` (an int) over one count of nanoseconds, which is unsigned on the wire. `micros`: the same in microseconds, where
 * that costs less.
 */
export function instant(
  name: string,
  get: (evaluation: Evaluation) => bigint,
  set: (evaluation: Evaluation, value: bigint) => void,
  micros: (evaluation: Evaluation) => number = () => Number.NaN,
): Fields {
  const number = (evaluation: Evaluation) => {
    const nanos = micros(evaluation) * 1000;
    return nanos < nanosMax ? nanos : Number.NaN;
  };
  const setTime = (evaluation: Evaluation, value: OttlValue) => {
    if (!(value instanceof Time)) throw new OttlError(`cannot set path: expected time, got ${typeOf(value)}`);
    set(evaluation, BigInt.asUintN(64, value.unixNano));
  };
  return {
    [name]: { kind: 'scalar', type: 'time', get: (evaluation) => new Time(get(evaluation)), set: setTime },
    [`${name}_unix_nano`]: {
      kind: 'scalar',
      type: 'int',
      get: Object.assign((evaluation: Evaluation) => BigInt.asIntN(64, get(evaluation)), { estimate: { errorMax, number } }),
      set: (evaluation, value) => set(evaluation, BigInt.asUintN(64, expectInt(value))),
    },
  };
}
