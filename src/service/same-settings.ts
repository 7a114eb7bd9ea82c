import { Secret } from '../model/secret.ts';

/**
 * Whether two parsed settings mean the same. Secrets are compared by what they hold, which a general deep comparison would not see.
 * What it does not know (a compiled pattern, a function) is the same only if it is the same object: a component too many is made anew, never one too few.
 */
export function sameSettings(one: unknown, other: unknown): boolean {
  if (Object.is(one, other)) return true;
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) return false;
  if (one instanceof Secret) return other instanceof Secret && one.reveal() === other.reveal();
  if (Array.isArray(one))
    return Array.isArray(other) && one.length === other.length && one.every((item, index) => sameSettings(item, other[index]));
  if (one instanceof Map) return other instanceof Map && sameEntries([...one], [...other]);
  return isPlain(one) && isPlain(other) && sameEntries(sorted(one), sorted(other));
}

/** Keys of a `Map` keep their order, because order is a meaning there (the first rule that fits). */
function sameEntries(one: readonly [unknown, unknown][], other: readonly [unknown, unknown][]): boolean {
  return (
    one.length === other.length && one.every(([key, value], index) => key === other[index]?.[0] && sameSettings(value, other[index]?.[1]))
  );
}

function sorted(settings: object): [string, unknown][] {
  return Object.entries(settings).sort(([one], [other]) => (one < other ? -1 : 1));
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
