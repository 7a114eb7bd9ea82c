import { OttlError } from '../fault.ts';
import { editor, literal, mapTarget, optional } from '../function.ts';
import { isList, isMap, type OttlValue } from '../value.ts';

type Put = (key: string, value: OttlValue) => void;

/** A later value of the same key replaces the earlier one. */
function replacing(flat: Map<string, OttlValue>): Put {
  return (key, value) => void flat.set(key, value);
}

/** A later value of the same key is stored under `key.0`, then `key.1`, … */
function numbering(flat: Map<string, OttlValue>): Put {
  const conflicts = new Map<string, number>();
  return (key, value) => {
    const count = conflicts.get(key);
    conflicts.set(key, count === undefined ? 0 : count + 1);
    flat.set(count === undefined ? key : `${key}.${count}`, value);
  };
}

/** `levels` is how many levels of maps and lists are still taken apart. */
function visit(map: Iterable<readonly [string, OttlValue]>, prefix: string, levels: number, listsNumbered: boolean, put: Put): void {
  for (const [name, value] of map) {
    const key = prefix === '' ? name : `${prefix}.${name}`;
    if (levels > 0 && isMap(value)) visit(value, key, levels - 1, listsNumbered, put);
    else if (levels > 0 && isList(value)) {
      for (const [index, element] of value.entries()) put(listsNumbered ? `${key}.${index}` : key, element);
    } else put(key, value);
  }
}

/** Deeper than any value that the decoders let in. */
const levelsMax = 1_000;

export const flatten = editor({
  name: 'flatten',
  summary: 'Moves the entries of nested maps and lists up to the map itself, under dotted keys.',
  example: 'flatten(span.attributes, "app", depth = 2, resolveConflicts = true)',
  parameters: {
    target: mapTarget,
    prefix: optional(literal.string, ''),
    depth: optional(literal.int, BigInt(levelsMax)),
    resolveConflicts: optional(literal.bool, false),
  },
  compile: ({ target, prefix, depth, resolveConflicts }) => {
    if (depth < 0n) throw new OttlError(`invalid depth: ${depth} cannot be negative`, { parameter: 'depth' });
    const levels = depth > levelsMax ? levelsMax : Number(depth);
    return (evaluation) => {
      const map = target.open(evaluation);
      const flat = new Map<string, OttlValue>();
      visit(map, prefix, levels, !resolveConflicts, resolveConflicts ? numbering(flat) : replacing(flat));
      for (const key of [...map.keys()]) map.delete(key);
      for (const [key, value] of flat) map.set(key, value);
      target.save(evaluation, map);
    };
  },
});
