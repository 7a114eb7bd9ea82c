import { map } from '../ottl.ts';
import type { Cases } from './cases.ts';

export const lambdas: Cases = {
  results: [
    ['All(a["list"], (k, v) => v != "z")', true],
    ['All(a["list"], (i, v) => i < 2)', false],
    ['All(a["list"], (_, v) => v != "z")', true],
    ['All(a["list"], (_, _) => true)', true],
    ['All([], (k, v) => false)', true],
    ['Any(a["list"], (k, v) => v == "b")', true],
    ['Any([], (k, v) => true)', false],
    ['Any(a["map"], (k, v) => k == "k2")', true],
    ['Filter(a["list"], (k, v) => v != "b")', ['a', 'c']],
    ['Filter(a["map"], (k, v) => HasSuffix(k, "2"))', map({ k2: 2n })],
    ['Find(a["list"], (k, v) => v == "b")', 'b'],
    ['Find(a["list"], (k, v) => v == "b", (k, v) => k)', 1n],
    ['Find(a["list"], (k, v) => v == "z")', null],
    ['Find(a["map"], (k, v) => v == 2, (k, v) => k)', 'k2'],
    ['MapEach([1, 2], (k, v) => v * 2)', [2n, 4n]],
    ['MapEach(a["map"], (k, v) => String(v))', map({ k1: 'v1', k2: '2' })],
    ['MapKeys(a["map"], (k, v) => Concat(["x.", k], ""))', map({ 'x.k1': 'v1', 'x.k2': 2n })],
    ['Reduce([1, 2, 3], 0, (acc, k, v) => acc + v)', 6n],
    ['Reduce([], "seed", (acc, k, v) => v)', 'seed'],
    ['When(() => 1 < 2, "yes", "no")', 'yes'],
    ['When(() => IsMap(a["list"]), "map", "not map")', 'not map'],
  ],
  refused: [
    ['All(a["text"], (k, v) => true)', /expected list or map but got string/],
    ['All(a["list"], (k, v) => v)', /must return a bool but returned string/],
    ['MapKeys(a["map"], (k, v) => 1)', /must return a string but returned int/],
    ['When(() => 1, 1, 2)', /must return a bool but returned int/],
    ['Any(a["int"], (k, v) => true)', /expected list or map but got int/],
    ['Filter(a["list"], (k, v) => "x")', /must return a bool but returned string/],
    ['Find(nil, (k, v) => true)', /expected list or map/],
    ['MapEach(a["text"], (k, v) => v)', /expected list or map/],
    ['Reduce(a["int"], 0, (acc, k, v) => v)', /expected list or map/],
  ],
};
