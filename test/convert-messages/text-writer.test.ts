import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { copyPlain, LastViews, specialAt } from '../../src/exporters/langsmith/convert/plain-text.ts';
import { TextWriter } from '../../src/exporters/langsmith/convert/text-writer.ts';
import { bytes } from '../../src/model/bytes.ts';

const views = new LastViews();
const isSpecial = (byte: number): boolean => byte < 0x20 || byte === 0x22 || byte === 0x5c;
/** Mostly plain, so that words of four bytes are taken whole, too. */
const content = fc
  .array(fc.oneof({ weight: 20, arbitrary: fc.integer({ min: 0x20, max: 0x7e }) }, { weight: 1, arbitrary: fc.nat(255) }), {
    maxLength: 60,
  })
  .map((list) => bytes.from(Uint8Array.from(list).buffer));

describe('the loops over plain text', () => {
  it('find the first byte that is special, wherever it stands in a word', () => {
    fc.assert(
      fc.property(content, fc.nat(3), (source, from) => {
        const start = Math.min(from, source.length);
        const found = source.subarray(start).findIndex(isSpecial);
        expect(specialAt(views.of(source), start, source.length)).toBe(found < 0 ? source.length : start + found);
      }),
      { numRuns: 1000 },
    );
  });

  it('copy plain ASCII up to there', () => {
    fc.assert(
      fc.property(content, fc.nat(3), fc.nat(3), (source, from, to) => {
        const start = Math.min(from, source.length);
        const target = bytes.allocUnsafeSlow(source.length + 8);
        const found = source.subarray(start).findIndex((byte) => isSpecial(byte) || byte > 0x7f);
        const end = found < 0 ? source.length : start + found;
        expect(copyPlain(views.of(source), start, source.length, new DataView(target.buffer), to)).toBe(end);
        expect(target.subarray(to, to + end - start).equals(source.subarray(start, end))).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('the writer of texts', () => {
  it('copies bytes as they are, from wherever they stand and whatever comes between', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.uint8Array({ maxLength: 700 }), fc.nat(5)), { maxLength: 8 }), (pieces) => {
        const writer = new TextWriter(64);
        const sources = pieces.map(([piece, from]) => ({
          source: bytes.from(Uint8Array.from(piece).buffer),
          from: Math.min(from, piece.length),
        }));
        for (const { source, from } of [...sources, ...sources]) writer.copy(source, from, source.length);
        const expected = sources.map(({ source, from }) => source.subarray(from));
        expect(writer.take().equals(bytes.concat([...expected, ...expected]))).toBe(true);
      }),
    );
  });

  it('gives outputs that stay as they are, however many follow in the same slab or a new one', () => {
    const writer = new TextWriter(256);
    const outputs = Array.from({ length: 200 }, (_, at) => {
      writer.string(`${at}${'x'.repeat(at % 97)}\n`);
      return writer.take();
    });
    expect(outputs.map((output) => JSON.parse(output.utf8Slice()))).toEqual(
      Array.from({ length: 200 }, (_, at) => `${at}${'x'.repeat(at % 97)}\n`),
    );
  });

  it('writes an output that is larger than its slab, and small ones after it', () => {
    const writer = new TextWriter(256);
    const large = '"é\n'.repeat(1_000_000);
    writer.string('before');
    writer.range(bytes.from(large), 0, bytes.byteLength(large));
    expect(writer.take().utf8Slice()).toBe(`"before"${JSON.stringify(large)}`);
    writer.digits(0);
    writer.digits(2_147_483_647);
    expect(writer.take().utf8Slice()).toBe('02147483647');
  });

  it('forgets what was cleared', () => {
    const writer = new TextWriter();
    writer.ascii('kept');
    const kept = writer.take();
    writer.ascii('gone');
    writer.clear();
    writer.ascii('next');
    expect([kept.utf8Slice(), writer.text(), writer.length]).toEqual(['kept', 'next', 4]);
  });
});
