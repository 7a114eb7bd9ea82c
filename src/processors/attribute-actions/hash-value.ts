import { bytes } from '../../model/bytes.ts';
import { sha256 } from '../../model/hash/sha256.ts';
import type { Value } from '../../model/value.ts';

/** SHA-256 of a plain value in hex: text as UTF-8, numbers as eight bytes little endian, booleans as one. '' for everything else, as the Collector has it. */
export function hashValue(value: Value): string {
  const data = dataOf(value);
  return data.length === 0 ? '' : sha256(data);
}

function dataOf(value: Value): Uint8Array {
  switch (typeof value) {
    case 'string':
      return bytes.from(value, 'utf8');
    case 'boolean':
      return Uint8Array.of(value ? 1 : 0);
    case 'bigint':
      return eightBytes((view) => view.setBigInt64(0, value, true));
    case 'number':
      return eightBytes((view) => view.setFloat64(0, value, true));
    default:
      return new Uint8Array(0);
  }
}

function eightBytes(write: (view: DataView) => void): Uint8Array {
  const view = new DataView(new ArrayBuffer(8));
  write(view);
  return new Uint8Array(view.buffer);
}
