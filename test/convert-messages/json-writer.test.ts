import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { emptyObject, type Json, type JsonObject, RawJson } from '../../src/exporters/langsmith/convert/json.ts';
import { ByteWriter, jsonText } from '../../src/exporters/langsmith/convert/json-writer.ts';
import { bytes } from '../../src/model/bytes.ts';
import { TextRange } from '../../src/model/value.ts';

const parsed = (json: Json): unknown => JSON.parse(jsonText(json));
const range = (text: string): TextRange => {
  const source = bytes.from(`<<${text}>>`);
  return new TextRange(source, 2, source.length - 2);
};
/** What the writer promises to change. */
const cleaned = (text: string): string => bytes.from(text).utf8Slice().replaceAll('\0', '\ufffd');

describe('the JSON writer', () => {
  it('writes any JSON value so that JSON.parse reads the same', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const clean = JSON.parse(JSON.stringify(value), (_, inner) => (typeof inner === 'string' ? cleaned(inner) : inner)) as Json;
        expect(parsed(clean)).toEqual(clean);
      }),
    );
  });

  it('writes any text, as a string or as a range of bytes, as valid JSON of the same text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
        expect(parsed(text)).toBe(cleaned(text));
        expect(parsed(range(text))).toBe(cleaned(text));
      }),
    );
  });

  it('writes any bytes as valid JSON, with U+FFFD for what is not UTF-8', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (content) => {
        const source = bytes.from(Uint8Array.from(content).buffer);
        const written = jsonText(new TextRange(source, 0, source.length));
        expect(typeof JSON.parse(written)).toBe('string');
        expect(bytes.from(written).utf8Slice()).toBe(written);
      }),
    );
  });

  it('writes a name that it has seen before as it did the first time, however many there are', () => {
    const names = Array.from({ length: 10_000 }, (_, at) => `${at % 3 === 0 ? 'n\u00e4me "' : 'name'}${at}${'x'.repeat(at % 80)}`);
    const object = Object.fromEntries(names.map((name, at) => [name, at]));
    for (let times = 0; times < 16; times++) expect(jsonText(object)).toBe(JSON.stringify(object));
    for (const name of names) expect(jsonText({ a: 1, [name]: { [name]: 2 } })).toBe(JSON.stringify({ a: 1, [name]: { [name]: 2 } }));
  });

  it('writes long texts with escapes and many scripts across the borders of its pieces', () => {
    const text = '日本語 "quoted"\n\\back\u0001\u{1f600}é'.repeat(3000);
    expect(parsed(text)).toBe(text);
    expect(parsed(range(text))).toBe(text);
  });

  it('writes numbers that JSON does not have as strings', () => {
    expect(parsed([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -0, 1e300])).toEqual([
      'NaN',
      'Infinity',
      '-Infinity',
      0,
      1e300,
    ]);
  });

  it('writes whole numbers beyond 64 bits as floats, which no server refuses', () => {
    expect(jsonText([1e20, -1e20, 2 ** 53, 1e15, 1e21])).toBe('[1e+20,-1e+20,9007199254740992,1000000000000000,1e+21]');
  });

  it('leaves out undefined members and keeps __proto__ as data', () => {
    const object = emptyObject();
    object['__proto__'.slice()] = 1;
    object.gone = undefined;
    expect(jsonText(object)).toBe('{"__proto__":1}');
  });

  it('splices raw JSON from a text and from bytes', () => {
    const source = bytes.from('xx{"a": 1}yy');
    expect(jsonText([new RawJson('9223372036854775807'), new RawJson(undefined, source, 2, source.length - 2)])).toBe(
      '[9223372036854775807,{"a": 1}]',
    );
  });

  it('joins the members of several objects with commas', () => {
    const writer = new ByteWriter();
    writer.members({ a: 1 });
    writer.members({});
    writer.members({ b: undefined, c: 'x' });
    expect(writer.take().utf8Slice()).toBe('"a":1,"c":"x"');
    expect(writer.length).toBe(0);
  });

  it('gives copies that later writing does not change', () => {
    const writer = new ByteWriter();
    writer.write('first');
    const first = writer.take();
    writer.write('other');
    writer.take();
    expect(first.utf8Slice()).toBe('"first"');
  });

  it('refuses what is nested too deep instead of overflowing the stack', () => {
    let deep: Json = 1;
    for (let level = 0; level < 100_000; level++) deep = [deep];
    expect(() => jsonText(deep)).toThrow('cannot write JSON: nested deeper than 512');
    expect(jsonText('next')).toBe('"next"');
  });

  it('writes members in the order in which they were set', () => {
    const object: JsonObject = { z: 1, a: [true, false, null, ''] };
    expect(jsonText(object)).toBe('{"z":1,"a":[true,false,null,""]}');
  });
});
