import type { Evaluation } from '../evaluation.ts';
import { OttlError } from '../fault.ts';
import { type OttlValue, Time, typeOf } from '../value.ts';
import { expectInt, type Fields } from './field.ts';

/** `name` (a time) and `name_unix_nano` (an int) over one count of nanoseconds, which is unsigned on the wire. */
export function instant(
  name: string,
  get: (evaluation: Evaluation) => bigint,
  set: (evaluation: Evaluation, value: bigint) => void,
): Fields {
  const setTime = (evaluation: Evaluation, value: OttlValue) => {
    if (!(value instanceof Time)) throw new OttlError(`cannot set path: expected time, got ${typeOf(value)}`);
    set(evaluation, BigInt.asUintN(64, value.unixNano));
  };
  return {
    [name]: { kind: 'scalar', type: 'time', get: (evaluation) => new Time(get(evaluation)), set: setTime },
    [`${name}_unix_nano`]: {
      kind: 'scalar',
      type: 'int',
      get: (evaluation) => BigInt.asIntN(64, get(evaluation)),
      set: (evaluation, value) => set(evaluation, BigInt.asUintN(64, expectInt(value))),
    },
  };
}
