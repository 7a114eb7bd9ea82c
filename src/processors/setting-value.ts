import { z } from 'zod';
import type { Value } from '../model/value.ts';

/** A typed literal of a configuration as an attribute value: whole numbers become ints, others doubles. */
function literalValue(given: unknown): Value | undefined {
  switch (typeof given) {
    case 'string':
    case 'boolean':
      return given;
    case 'number':
      return Number.isSafeInteger(given) ? BigInt(given) : given;
    case 'object':
      break;
    default:
      return undefined;
  }
  if (given === null) return null;
  if (Array.isArray(given)) return given.map((one) => literalValue(one) ?? null);
  return new Map(Object.entries(given).map(([key, one]) => [key, literalValue(one) ?? null]));
}

/** Any value that an attribute may have; nothing or null means that it is not given. */
export const settingValue = z
  .unknown()
  .optional()
  .transform((given): Value | undefined => literalValue(given) ?? undefined)
  .meta({ title: 'any value' });

/** Same type and same content: an int is never a double. */
export function sameValue(one: Value, other: Value): boolean {
  if (one === other) return true;
  if (one === null || other === null || typeof one !== 'object' || typeof other !== 'object') return false;
  if (one instanceof Uint8Array || other instanceof Uint8Array) {
    return (
      one instanceof Uint8Array && other instanceof Uint8Array && one.length === other.length && one.every((byte, at) => byte === other[at])
    );
  }
  if (one instanceof Map || other instanceof Map) {
    if (!(one instanceof Map && other instanceof Map) || one.size !== other.size) return false;
    for (const [key, value] of one) {
      const match = other.get(key) as Value | undefined;
      if (match === undefined || !sameValue(value as Value, match)) return false;
    }
    return true;
  }
  const list = one as readonly Value[];
  const otherList = other as readonly Value[];
  return list.length === otherList.length && list.every((value, at) => sameValue(value, otherList[at] as Value));
}
