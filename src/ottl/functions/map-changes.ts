import type { MutableMap } from '../function.ts';
import type { OttlValue } from '../value.ts';

/** Only what changes is written: an attribute that nobody changed stays the bytes that it was on the wire. Both tell whether anything changed. */

/** `change` gives the new value, or `undefined` where the old one stays. */
export function replaceValues(map: MutableMap, change: (value: OttlValue) => OttlValue | undefined): boolean {
  const changed: [key: string, value: OttlValue][] = [];
  for (const [key, value] of map) {
    const replaced = change(value);
    if (replaced !== undefined) changed.push([key, replaced]);
  }
  for (const [key, value] of changed) map.set(key, value);
  return changed.length > 0;
}

export function deleteWhere(map: MutableMap, isUnwanted: (key: string, place: number) => boolean): boolean {
  if (map.deleteWhere) return map.deleteWhere(isUnwanted);
  const unwanted: string[] = [];
  let place = 0;
  for (const key of map.keys()) if (isUnwanted(key, place++)) unwanted.push(key);
  for (const key of unwanted) map.delete(key);
  return unwanted.length > 0;
}
