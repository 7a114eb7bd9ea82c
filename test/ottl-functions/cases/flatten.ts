import type { Value } from '../../../src/model/value.ts';
import type { OttlValue } from '../../../src/ottl/value.ts';
import { map } from '../ottl.ts';
import type { Attributes, EditorCases } from './cases.ts';

const tree: Attributes = {
  name: 'test',
  address: new Map<string, Value>([
    ['street', 'first'],
    ['house', 1234n],
  ]),
  occupants: ['user 1', 'user 2'],
};
const deep: Attributes = { '0': new Map([['1', new Map([['2', new Map([['3', 'value']])]])]]) };
const conflicts: Attributes = {
  address: new Map<string, Value>([
    ['street', new Map([['number', 'first']])],
    ['house', '1234'],
  ]),
  'address.street': new Map([['number', ['second', 'third']]]),
  'address.street.number': 'fourth',
  occupants: ['user 1', 'user 2'],
};

export const flattenEditor: EditorCases = {
  results: [
    [
      'flatten(a)',
      tree,
      { name: 'test', 'address.street': 'first', 'address.house': 1234n, 'occupants.0': 'user 1', 'occupants.1': 'user 2' },
    ],
    ['flatten(a, "app", 0)', { x: 1n }, { 'app.x': 1n }],
    ['flatten(a, "app")', { x: new Map([['y', 1n]]) }, { 'app.x.y': 1n }],
    ['flatten(a, depth = 2)', deep, { '0.1.2': map({ '3': 'value' }) }],
    ['flatten(a, depth = 0)', deep, deep as Record<string, OttlValue>],
    ['flatten(a)', { x: new Map([['y', 1n]]), 'x.y': 2n }, { 'x.y': 2n }],
    [
      'flatten(a, resolveConflicts = true)',
      conflicts,
      {
        'address.street.number': 'first',
        'address.house': '1234',
        'address.street.number.0': 'second',
        'address.street.number.1': 'third',
        occupants: 'user 1',
        'occupants.0': 'user 2',
        'address.street.number.2': 'fourth',
      },
    ],
    ['flatten(a["m"])', { m: new Map([['x', new Map([['y', 1n]])]]) }, { m: map({ 'x.y': 1n }) }],
  ],
  refused: [
    ['flatten(a["x"])', { x: 'a' }, /map/],
    ['flatten(a, depth = -1)', {}, /depth/],
  ],
};
