import type { Evaluation } from '../evaluation.ts';
import { OttlError } from '../fault.ts';
import type { Getter, ResultType } from '../function.ts';
import { boolLike, bytesLike, floatLike, intLike, stringLike } from '../like.ts';
import type { GetterType } from '../parameter.ts';
import { type OttlValue, typeOf } from '../value.ts';
import { type CompiledValue, constantGetter } from './site.ts';

const conversions: Readonly<Partial<Record<GetterType, (value: OttlValue) => OttlValue>>> = {
  stringLike,
  intLike,
  floatLike,
  boolLike,
  bytesLike,
};

function strict(type: GetterType, get: (evaluation: Evaluation) => OttlValue): Getter<OttlValue> {
  return (evaluation) => {
    const value = get(evaluation);
    if (typeOf(value) !== type) throw new OttlError(`expected ${type}, got ${typeOf(value)}`);
    return value;
  };
}

/** Strings are by far the most common: their check is one `typeof`. */
function strictString(get: (evaluation: Evaluation) => OttlValue): Getter<OttlValue> {
  return (evaluation) => {
    const value = get(evaluation);
    if (typeof value !== 'string') throw new OttlError(`expected string, got ${typeOf(value)}`);
    return value;
  };
}

function mayBe(known: ResultType, type: GetterType): boolean {
  return known === 'any' || known === type;
}

/** A getter that gives such a value or throws `OttlError`. What can only fail fails at load. */
export function typedGetter({ type: known, get }: CompiledValue, type: GetterType): Getter<OttlValue> {
  if (type === 'any') return get;
  const convert = conversions[type];
  if (convert) {
    if (get.constant !== undefined) return constantGetter(convert(get.constant));
    return (evaluation) => convert(get(evaluation));
  }
  if (!mayBe(known, type)) throw new OttlError(`expected ${type}, got ${known}`);
  if (get.constant !== undefined) return get;
  return type === 'string' ? strictString(get) : strict(type, get);
}
