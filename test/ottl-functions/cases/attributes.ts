/** The span attributes that the converters' cases speak of. */
import type { Value } from '../../../src/model/value.ts';
import type { Attributes } from './cases.ts';

export const attributes: Attributes = {
  text: 'hello',
  empty: '',
  int: 42n,
  zero: 0n,
  float: 2.5,
  yes: true,
  no: false,
  bytes: Uint8Array.of(0xde, 0xad),
  list: ['a', 'b', 'c'],
  mixed: ['b', 2n, 1.5, true],
  numbers: [3n, 1.5, 2n],
  emptyList: [],
  map: new Map<string, Value>([
    ['k1', 'v1'],
    ['k2', 2n],
  ]),
  emptyMap: new Map(),
  nested: new Map<string, Value>([['deep', new Map<string, Value>([['deeper', [1n, 2.5, null]]])]]),
  things: [
    new Map<string, Value>([
      ['name', 'foo'],
      ['value', 2n],
    ]),
    new Map<string, Value>([
      ['name', 'bar'],
      ['value', 5n],
    ]),
    'not a map',
  ],
};
