import { OttlError } from '../fault.ts';
import { editor, getter, listOf, optional, target } from '../function.ts';
import { isList, type OttlValue, typeOf } from '../value.ts';

/** A list's elements; anything else as one element; nothing of nil. */
function elementsOf(value: OttlValue): readonly OttlValue[] {
  return value === null ? [] : isList(value) ? value : [value];
}

export const append = editor({
  name: 'append',
  summary: 'Adds one or more values to a list; a field that is no list becomes one first.',
  example: 'append(span.attributes["tags"], "prod")',
  parameters: { target, value: optional(getter.any), values: optional(listOf(getter.any)) },
  compile: ({ target, value, values }) => {
    if (!value && !values) throw new OttlError("at least one of the optional arguments ('value' or 'values') must be provided");
    const added = [...(value ? [value] : []), ...(values ?? [])];
    return (evaluation) => {
      const list = [...elementsOf(target.get(evaluation))];
      for (const get of added) {
        const element = get(evaluation);
        if (isList(element)) list.push(...element);
        else list.push(element);
      }
      target.set(evaluation, list);
    };
  },
});

export const deleteIndex = editor({
  name: 'delete_index',
  summary: 'Removes the elements of a list from startIndex up to, but without, endIndex; one element if there is no endIndex.',
  example: 'delete_index(span.attributes["tags"], 0, 2)',
  parameters: { target, startIndex: getter.int, endIndex: optional(getter.int) },
  compile:
    ({ target, startIndex, endIndex }) =>
    (evaluation) => {
      const list = target.get(evaluation);
      if (!isList(list)) throw new OttlError(`expected list but got ${typeOf(list)}`);
      const start = startIndex(evaluation);
      const end = endIndex ? endIndex(evaluation) : start + 1n;
      if (start === 0n && end === BigInt(list.length)) return target.set(evaluation, []);
      checkRange(start, end, list.length);
      if (start !== end) target.set(evaluation, [...list.slice(0, Number(start)), ...list.slice(Number(end))]);
    },
});

function checkRange(start: bigint, end: bigint, length: number): void {
  if (start < 0n || start >= length) throw new OttlError(`startIndex ${start} out of bounds for a list of length ${length}`);
  if (end < start) throw new OttlError(`endIndex ${end} cannot be less than startIndex ${start}`);
  if (end > length) throw new OttlError(`deletion range [${start}:${end}] out of bounds for a list of length ${length}`);
}
