import { Duration, Id, isList, isMap, type OttlList, type OttlMap, type OttlValue, Time } from './value.ts';

export type Comparison = '==' | '!=' | '<' | '<=' | '>' | '>=';

/** Order of UTF-8 bytes. Code units agree with it, but for surrogates, which stand for what lies above U+FFFF. */
export function compareText(left: string, right: string): number {
  if (left === right) return 0;
  const length = Math.min(left.length, right.length);
  for (let index = 0; index < length; index++) {
    const one = left.charCodeAt(index);
    const other = right.charCodeAt(index);
    if (one === other) continue;
    const oneHigh = (one & 0xf800) === 0xd800;
    const otherHigh = (other & 0xf800) === 0xd800;
    return oneHigh === otherHigh ? one - other : oneHigh ? 1 : -1;
  }
  return left.length - right.length;
}

function compareBytes(left: Uint8Array, right: Uint8Array): number {
  const length = Math.min(left.length, right.length);
  for (let index = 0; index < length; index++) {
    const difference = (left[index] as number) - (right[index] as number);
    if (difference !== 0) return difference;
  }
  return left.length - right.length;
}

const ordering = (left: bigint | number | boolean, right: bigint | number | boolean): number => (left < right ? -1 : left > right ? 1 : 0);

/** Negative, 0 or positive; NaN where the two have no order (two types, maps, lists, ids, a NaN). */
function order(left: OttlValue, right: OttlValue): number {
  switch (typeof left) {
    case 'string':
      return typeof right === 'string' ? compareText(left, right) : Number.NaN;
    case 'number':
      if (typeof right === 'number') return left - right === 0 || left === right ? 0 : left - right;
      return typeof right === 'bigint' ? order(left, Number(right)) : Number.NaN;
    case 'bigint':
      if (typeof right === 'bigint') return ordering(left, right);
      return typeof right === 'number' ? order(Number(left), right) : Number.NaN;
    case 'boolean':
      return typeof right === 'boolean' ? ordering(left, right) : Number.NaN;
    default:
      if (left === null) return right === null ? 0 : Number.NaN;
      if (left instanceof Uint8Array) return right instanceof Uint8Array ? compareBytes(left, right) : Number.NaN;
      if (left instanceof Time) return right instanceof Time ? ordering(left.unixNano, right.unixNano) : Number.NaN;
      if (left instanceof Duration) return right instanceof Duration ? ordering(left.nanos, right.nanos) : Number.NaN;
      return Number.NaN;
  }
}

function sameList(left: OttlList, right: OttlList): boolean {
  if (left.length !== right.length) return false;
  for (let index = 0; index < left.length; index++) if (!same(left[index] as OttlValue, right[index] as OttlValue)) return false;
  return true;
}

function sameMap(left: OttlMap, right: OttlMap): boolean {
  if (left.size !== right.size) return false;
  for (const [key, value] of left) {
    const other = right.get(key);
    if (other === undefined || !same(value, other)) return false;
  }
  return true;
}

/** Deep equality inside of lists and maps: there 1 and 1.0 differ. */
function same(left: OttlValue, right: OttlValue): boolean {
  return typeof left === typeof right && equal(left, right);
}

/** `==` of OTTL; never fails. Two types are never equal, but for int and float. */
export function equal(left: OttlValue, right: OttlValue): boolean {
  if (left === right) return true;
  if (left === null || right === null) return false;
  if (typeof left !== 'object') return order(left, right) === 0;
  if (isMap(left)) return isMap(right) && sameMap(left, right);
  if (isList(left)) return isList(right) && sameList(left, right);
  if (left instanceof Id) return right instanceof Id && left.hex === right.hex;
  return order(left, right) === 0;
}

/** All comparisons of OTTL (LANGUAGE.md, "Comparison Rules"). A comparison without meaning is false, `!=` is true. */
export const comparisons: Readonly<Record<Comparison, (left: OttlValue, right: OttlValue) => boolean>> = {
  '==': equal,
  '!=': (left, right) => !equal(left, right),
  '<': (left, right) => order(left, right) < 0,
  '<=': (left, right) => order(left, right) <= 0,
  '>': (left, right) => order(left, right) > 0,
  '>=': (left, right) => order(left, right) >= 0,
};
