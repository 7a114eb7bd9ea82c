import { OttlError } from '../fault.ts';
import { isList, isMap, type OttlValue, typeOf } from '../value.ts';

/** How far an assignment behind the end may make a new list grow. */
const newListLengthMax = 1_024;

function position(key: bigint, length: number): number {
  if (key < 0n || key >= BigInt(length)) throw new OttlError(`index ${key} out of bounds: the list has ${length} elements`);
  return Number(key);
}

function refuse(value: OttlValue, key: OttlValue): never {
  if (typeof key !== 'string' && typeof key !== 'bigint') throw new OttlError(`cannot index with ${typeOf(key)}: keys are string or int`);
  throw new OttlError(`cannot index ${typeOf(value)} with ${typeOf(key)}`);
}

/** `value[key]`; `undefined` where a map has no such key. */
export function elementOf(value: OttlValue, key: OttlValue): OttlValue | undefined {
  if (typeof key === 'string' && isMap(value)) return value.get(key);
  if (typeof key === 'bigint' && isList(value)) return value[position(key, value.length)];
  return refuse(value, key);
}

function newList(key: bigint): OttlValue[] {
  if (key < 0n || key >= BigInt(newListLengthMax))
    throw new OttlError(`index ${key} out of bounds: a new list has at most ${newListLengthMax} elements`);
  return new Array<OttlValue>(Number(key) + 1).fill(null);
}

/**
 * `value` with `value[keys[from]]…` replaced; the original stays as it is. What is missing or empty on the way is made: a map for a string key,
 * a list for an int.
 */
export function withElement(value: OttlValue, keys: readonly OttlValue[], from: number, element: OttlValue): OttlValue {
  if (from === keys.length) return element;
  const key = keys[from] as OttlValue;
  if (typeof key === 'string' && (value === null || isMap(value))) {
    const copy = new Map(value);
    copy.set(key, withElement(copy.get(key) ?? null, keys, from + 1, element));
    return copy;
  }
  if (typeof key === 'bigint' && (value === null || isList(value))) {
    const copy = value === null ? newList(key) : [...value];
    const index = position(key, copy.length);
    copy[index] = withElement(copy[index] as OttlValue, keys, from + 1, element);
    return copy;
  }
  return refuse(value, key);
}
