import type { Value } from '../../model/value.ts';
import { OttlError } from '../fault.ts';
import { Duration, Id, isList, isMap, type OttlValue, RecordList, Time, typeOf } from '../value.ts';

/** A value that attributes can hold. Throws `OttlError` for times, durations, ids, events and links, which have no form there. */
export function attributeValue(value: OttlValue): Value {
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return value;
  if (isMap(value)) return new Map(Array.from(value, ([key, member]) => [key, attributeValue(member)]));
  if (isList(value)) return value.map(attributeValue);
  const hint =
    value instanceof Time || value instanceof Duration || value instanceof Id
      ? 'convert it first, e.g. with String, UnixNano or .string'
      : undefined;
  throw new OttlError(`cannot set attribute: ${value instanceof RecordList ? value.kind : typeOf(value)} is not an attribute type`, {
    hint,
  });
}
