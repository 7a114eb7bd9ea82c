import { bytes } from '../model/bytes.ts';
import { compareText } from './compare.ts';
import { OttlError } from './fault.ts';
import { Duration, Id, isList, isMap, type OttlValue, Time } from './value.ts';

const depthMax = 128;

/** A value as JSON: keys sorted by bytes, byte arrays in base64, ids in hex, times and durations as their count of nanoseconds. */
export function jsonText(value: OttlValue, depth = 0): string {
  if (depth > depthMax) throw new OttlError('cannot write JSON: nested too deeply');
  switch (typeof value) {
    case 'string':
      return JSON.stringify(value);
    case 'number':
      if (!Number.isFinite(value)) throw new OttlError('cannot write JSON: a number is not finite');
      return `${value}`;
    case 'bigint':
    case 'boolean':
      return `${value}`;
    default:
      if (value === null) return 'null';
      if (isMap(value)) {
        const members = [...value].sort(([one], [other]) => compareText(one, other));
        return `{${members.map(([key, member]) => `${JSON.stringify(key)}:${jsonText(member, depth + 1)}`).join(',')}}`;
      }
      if (isList(value)) return `[${value.map((element) => jsonText(element, depth + 1)).join(',')}]`;
      if (value instanceof Uint8Array) return `"${bytes.from(value.buffer, value.byteOffset, value.length).base64Slice()}"`;
      if (value instanceof Id) return `"${value.hex}"`;
      if (value instanceof Time) return `${value.unixNano}`;
      if (value instanceof Duration) return `${value.nanos}`;
      throw new OttlError(`cannot write JSON: the ${value.kind} of a span have no JSON form`);
  }
}
