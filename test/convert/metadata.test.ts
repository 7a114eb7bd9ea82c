import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { emptyObject, type JsonObject, RawJson } from '../../src/exporters/langsmith/convert/json.ts';
import { ByteWriter } from '../../src/exporters/langsmith/convert/json-writer.ts';
import { Metadata, type SharedMetadata } from '../../src/exporters/langsmith/convert/metadata.ts';
import { bytes } from '../../src/model/bytes.ts';

function sharedOf(values: Record<string, string>): SharedMetadata {
  const json = bytes.from(JSON.stringify(values).slice(1, -1));
  return {
    values: Object.assign(emptyObject(), values),
    members: json.length === 0 ? undefined : new RawJson(undefined, json, 0, json.length),
  };
}

/** The members as they are written, in their order. */
function written(metadata: Metadata): [string, unknown][] {
  const writer = new ByteWriter();
  writer.byte(0x7b);
  writer.begin();
  if (metadata.members !== undefined) writer.splice(metadata.members);
  for (let at = 0; at < metadata.length; at++) {
    const { name, text, value } = metadata.at(at);
    if (value !== undefined) writer.member(name, value, text);
  }
  writer.byte(0x7d);
  metadata.end();
  return Object.entries(JSON.parse(writer.text()) as Record<string, unknown>);
}

const name = fc.constantFrom('a', 'b', 'c', 'd', 'é"', '__proto');
const values = fc.dictionary(name, fc.constantFrom('x', 'y', 'z'), { noNullPrototype: true });
/** What all runs of a resource say, and what one says of itself. */
const run = fc.record({ shared: fc.nat(2), puts: fc.array(fc.tuple(name, fc.constantFrom('x', 'y', 'z'))), removed: fc.option(name) });

describe('the metadata of a run', () => {
  it('are what is shared and then its own, later values first told as overridden', () => {
    fc.assert(
      fc.property(fc.tuple(values, values, values), fc.array(run, { minLength: 1, maxLength: 6 }), (resources, runs) => {
        const shared = resources.map(sharedOf);
        const metadata = new Metadata();
        for (const { shared: at, puts, removed } of runs) {
          metadata.begin(shared[at]!);
          const expected = new Map(Object.entries(resources[at]!));
          const overridden: JsonObject = {};
          for (const [key, value] of puts) {
            metadata.put(key, value);
            const before = expected.get(key);
            if (before !== undefined && before !== value) overridden[key] = [...((overridden[key] as string[] | undefined) ?? []), before];
            expected.set(key, value);
          }
          if (removed !== null) {
            metadata.set(removed, undefined);
            expected.delete(removed);
          }
          for (const key of ['a', 'b', 'c', 'd', 'e']) expect(metadata.get(key)).toBe(expected.get(key));
          expect({ ...metadata.overridden }).toEqual(overridden);
          expect(written(metadata)).toEqual([...expected]);
        }
      }),
    );
  });
});
