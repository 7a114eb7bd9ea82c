import fc from 'fast-check';
import { expect, test } from 'vitest';
import { boundaryOf, parseMultipart } from '../../src/sink/multipart.ts';
import { Refusal } from '../../src/sink/refusal.ts';
import { parseStrictJson } from '../../src/sink/strict-json.ts';
import { boundary, multipartBody } from './requests.ts';

const name = fc.string({ unit: 'grapheme', minLength: 1 }).filter((text) => !/["\\\r\n]/.test(text) && text === text.trim());
const content = fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes));

test('every body of parts comes back part by part, byte by byte', () => {
  fc.assert(
    fc.property(fc.array(fc.record({ name, content }), { minLength: 1, maxLength: 10 }), (parts) => {
      const parsed = parseMultipart(multipartBody(parts), boundary);
      expect(parsed.map(({ name, content }) => ({ name, content: Buffer.from(content) }))).toEqual(parts);
    }),
  );
});

test('a body that is cut anywhere is refused, and never anything but refused', () => {
  const body = multipartBody([
    { name: 'one', content: 'first' },
    { name: 'two', content: 'second\r\n--' },
  ]);
  // The last two bytes are the line end after the closing delimiter, which may be missing.
  for (let length = 0; length < body.length - 2; length += 1)
    expect(() => parseMultipart(body.subarray(0, length), boundary)).toThrow(Refusal);
});

test('arbitrary bytes are refused', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (noise) => {
      expect(() => parseMultipart(Buffer.concat([Buffer.from(`--${boundary}`), noise]), boundary)).toThrow(Refusal);
    }),
  );
});

test('boundaries are found quoted and bare', () => {
  expect(boundaryOf('multipart/form-data; boundary=abc')).toBe('abc');
  expect(boundaryOf('Multipart/Form-Data; charset=utf-8; boundary="a b"')).toBe('a b');
  expect(boundaryOf('application/json; boundary=abc')).toBe('');
  expect(boundaryOf(`multipart/form-data; boundary=${'x'.repeat(71)}`)).toBe('');
});

/** JavaScript writes whole doubles below 1e21 without an exponent: beyond 64 bits they are integers that nobody can convert. */
function writesHugeInteger(value: unknown): boolean {
  let found = false;
  JSON.stringify(value, (_key, member: unknown) => {
    if (typeof member === 'number' && Number.isInteger(member) && Math.abs(member) >= 2 ** 63 && Math.abs(member) < 1e21) found = true;
    return member;
  });
  return found;
}

test('all JSON is taken as it is, but for integers beyond 64 bits', () => {
  fc.assert(
    fc.property(fc.jsonValue({ stringUnit: 'binary' }), (value) => {
      const text = JSON.stringify(value);
      if (writesHugeInteger(value)) expect(() => parseStrictJson(Buffer.from(text), 'body')).toThrow(/int too big/);
      else expect(parseStrictJson(Buffer.from(text), 'body')).toEqual(JSON.parse(text));
    }),
    { numRuns: 500, examples: [[-(2 ** 63)], [2 ** 63 - 1024], [1e20], [1e21]] },
  );
});

test('lone surrogates are found wherever they stand', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'binary' }),
      fc.string({ unit: 'binary' }),
      fc.integer({ min: 0xd800, max: 0xdfff }),
      (before, after, unit) => {
        const text = `${JSON.stringify(`${before} `).slice(0, -1)}\\u${unit.toString(16)}${JSON.stringify(` ${after}`).slice(1)}`;
        expect(() => parseStrictJson(Buffer.from(text), 'body')).toThrow(/lone surrogate/);
      },
    ),
  );
});
