import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isSame, QuotedText, textOf } from '../../src/exporters/langsmith/convert/json.ts';
import { jsonOnWire } from '../../src/exporters/langsmith/convert/json-on-wire.ts';
import { jsonOf } from '../../src/exporters/langsmith/convert/json-text.ts';
import { jsonText } from '../../src/exporters/langsmith/convert/json-writer.ts';
import { bytes } from '../../src/model/bytes.ts';
import { TextRange } from '../../src/model/value.ts';

const depthMax = 128;
const range = (text: string): TextRange => {
  const source = bytes.from(`"${text}"`);
  return new TextRange(source, 1, source.length - 1);
};
const long = 'a text of more than two dozen bytes';

/** JSON as emitters write it, whole or broken: Python's escapes, white space, a character too many or too few. */
const written = fc
  .tuple(fc.jsonValue(), fc.constantFrom(0, 2), fc.boolean())
  .map(([value, indent, ascii]) => [JSON.stringify([value, long, { text: `${long}\n"é\u{1f600}"` }], null, indent), ascii] as const)
  .map(([json, ascii]) =>
    ascii ? json.replace(/[\u0080-\uffff]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`) : json,
  );
const broken = fc
  .tuple(
    written,
    fc.nat(),
    fc.constantFrom('', '"', '\\', '\\u12', '{', ']', ',', '\n', '\u0000', '0', '-', 'e5', '.5', '1234567890123456'),
  )
  .map(([json, at, more]) => json.slice(0, at % json.length) + more + json.slice((at % json.length) + 1));

describe('JSON that is read where it stands on the wire', () => {
  it('says what reading with care says, or leaves it to that', () => {
    fc.assert(
      fc.property(fc.oneof(written, broken, fc.json()), (json) => {
        const read = jsonOnWire(range(json), depthMax);
        if (read !== undefined) expect(jsonText(read)).toBe(jsonText(jsonOf(json)!));
      }),
      { numRuns: 2000 },
    );
  });

  it.each(['{}', ' [ ] ', '[0,-1,1.5,-2e+3,true,false,null]', '{"a":{"b":["\\n\\"\\\\","\\u00e9\\/"]}}', `["${long}","ä"]`])(
    'takes %s',
    (json) => {
      expect(jsonText(jsonOnWire(range(json), depthMax)!)).toBe(JSON.stringify(JSON.parse(json)));
    },
  );

  it.each([
    '{"__proto__":1}',
    '[1234567890123456]',
    '[01]',
    '[1,]',
    '{"a" 1}',
    '["\\x"]',
    '["\\u12g4"]',
    '["a\nb"]',
    '[',
    '[1] 2',
    '[tru]',
    '"x"',
    '1',
    '',
  ])('leaves %s to others', (json) => {
    expect(jsonOnWire(range(json), depthMax)).toBeUndefined();
  });

  it('leaves what is nested too deep to others', () => {
    expect(jsonOnWire(range('['.repeat(129) + ']'.repeat(129)), depthMax)).toBeUndefined();
    expect(jsonOnWire(range('['.repeat(128) + ']'.repeat(128)), depthMax)).toBeDefined();
  });

  it('leaves long texts on the wire, which are the same texts all the same', () => {
    const [plain, escaped] = jsonOnWire(range(JSON.stringify([long, `${long}\n"`])), depthMax) as [QuotedText, QuotedText];
    expect(plain).toBeInstanceOf(QuotedText);
    expect([textOf(plain), textOf(escaped)]).toEqual([long, `${long}\n"`]);
    expect([isSame(plain, long), isSame(escaped, `${long}\n"`), isSame(plain, escaped)]).toEqual([true, true, false]);
  });

  it('finds JSON inside of a text that stands in JSON', () => {
    const [inner, spaced] = jsonOnWire(
      range(JSON.stringify([JSON.stringify({ city: long }), `\n [${JSON.stringify(long)}]`])),
      depthMax,
    ) as [QuotedText, QuotedText];
    expect(jsonText(jsonOf(inner)!)).toBe(JSON.stringify({ city: long }));
    expect(jsonText(jsonOf(spaced)!)).toBe(JSON.stringify([long]));
  });
});
