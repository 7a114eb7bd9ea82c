/** What is written as bytes on the hot path says the same as the plain way of writing it. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { BodyRanges, Part, type PartName } from '../../src/exporters/langsmith/partition/body-ranges.ts';
import { ByteReader } from '../../src/exporters/langsmith/partition/byte-reader.ts';
import { ByteWriter } from '../../src/exporters/langsmith/partition/byte-writer.ts';
import { readBody, readDraft, writeBody, writeDraft } from '../../src/exporters/langsmith/partition/draft-codec.ts';
import { JsonMembers } from '../../src/exporters/langsmith/partition/json-members.ts';
import { PartsWriter } from '../../src/exporters/langsmith/partition/parts-writer.ts';
import { writeDottedSegment, writeIsoTime } from '../../src/exporters/langsmith/partition/time-text.ts';
import { type Bytes, bytes } from '../../src/model/bytes.ts';
import { runIdOfSpan } from '../../src/model/ids.ts';
import { dottedSegment, isoText } from '../../src/model/time.ts';
import { body, skeleton, spanId } from '../assemble/drafts.ts';

const names = Object.keys(Part) as readonly PartName[];
const text = fc.oneof(fc.string({ maxLength: 40 }), fc.string({ unit: 'binary', maxLength: 40 }));
const micros = fc.oneof(
  fc.integer({ min: 0, max: 4_102_444_800_000_000 }),
  fc.integer({ min: 1_767_225_600_000_000, max: 1_767_225_700_000_000 }),
);

function written(write: (writer: ByteWriter) => void): string {
  const writer = new ByteWriter(1);
  write(writer);
  return writer.finish().utf8Slice();
}

it('reads numbers and short texts back, in as few bytes as they need', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat({ max: Number.MAX_SAFE_INTEGER }), fc.string({ unit: 'grapheme' }))), (pairs) => {
      const writer = new ByteWriter(1);
      for (const [number, value] of pairs) {
        writer.varint(number);
        writer.brief(value);
      }
      const reader = new ByteReader(writer.finish());
      expect(pairs.map(() => [reader.varint(), reader.brief()])).toEqual(pairs);
      expect(reader.at).toBe(writer.length);
    }),
  );
  for (const [number, size] of [
    [127, 1],
    [128, 2],
    [2 ** 31, 5],
    [Number.MAX_SAFE_INTEGER, 8],
  ] as const) {
    const writer = new ByteWriter(1);
    writer.varint(number);
    expect(writer.length).toBe(size);
  }
});

it('writes hex digits in lower case as bytes, dashes between them or not, and nothing of any other text', () => {
  const digits = fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: 16, maxLength: 16 });
  const dashed = fc.tuple(digits, fc.nat({ max: 7 })).map(([value, at]) => `${value.slice(0, 2 * at)}-${value.slice(2 * at)}`);
  const other = fc.string({ unit: fc.constantFrom(...'0123456789abcdef-A'), minLength: 15, maxLength: 18 });
  fc.assert(
    fc.property(fc.oneof(digits, dashed, other, text), (value) => {
      const writer = new ByteWriter(1);
      const taken = writer.hex(`rest ${value}`, 5, 8);
      expect(taken).toBe(/^(-?[0-9a-f]{2}){8}$/.test(value));
      expect(new ByteReader(writer.finish()).hex(writer.length)).toBe(taken ? value.replaceAll('-', '') : '');
    }),
  );
});

it('tells a number that does not end, and what is cut', () => {
  expect(() => new ByteReader(bytes.from('ff'.repeat(9), 'hex')).varint()).toThrow(RangeError);
  expect(() => new ByteReader(bytes.from('80', 'hex')).varint()).toThrow(RangeError);
  expect(() => new ByteReader(bytes.from('0261', 'hex')).brief()).toThrow(RangeError);
  expect(() => new ByteReader(bytes.from('61', 'hex')).hex(2)).toThrow(RangeError);
});

it('writes times as the model makes them as text', () => {
  const runId = runIdOfSpan(spanId(7));
  fc.assert(
    fc.property(micros, (time) => {
      expect(written((writer) => writeIsoTime(writer, time))).toBe(isoText(time));
      expect(written((writer) => writeDottedSegment(writer, time, runId))).toBe(dottedSegment(time, runId));
    }),
  );
});

it.each([-1, -62_135_596_800_000_000, 253_402_300_799_000_000, 253_402_300_800_000_000, 1e18, 1])(
  'writes %d, behind a time of today',
  (time) => {
    const runId = runIdOfSpan(spanId(7));
    const today = 1_767_323_045_000_001;
    const texts = written((writer) => {
      writeIsoTime(writer, today);
      writeIsoTime(writer, time);
      writeDottedSegment(writer, time, runId);
      writeIsoTime(writer, today);
    });
    expect(texts).toBe(isoText(today) + isoText(time) + dottedSegment(time, runId) + isoText(today));
  },
);

it('writes members that JSON reads back', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.tuple(text, text), { selector: ([key]) => key }), fc.boolean(), (members, any) => {
      const inside = written((writer) => {
        const json = new JsonMembers(writer);
        json.begin(any);
        for (const [key, value] of members) json.member(key, value);
      });
      const expected = members.map(([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`).join(',');
      expect(inside).toBe(any && members.length > 0 ? `,${expected}` : expected);
    }),
  );
});

it('declares the exact length of a part that is not known before it is written', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 12_000 }), { maxLength: 4 }), (sizes) => {
      const parts = new PartsWriter('b', 1);
      for (const [index, size] of sizes.entries()) {
        parts.beginRun();
        parts.begin(index % 2 === 0 ? 'post' : 'feedback', `id${index}`);
        parts.writer.bare('x'.repeat(size));
        parts.end();
        parts.endRun();
      }
      const expected = sizes.map(
        (size, index) =>
          `--b\r\nContent-Disposition: form-data; name="${index % 2 === 0 ? 'post' : 'feedback'}.id${index}"\r\n` +
          `Content-Type: application/json\r\nContent-Length: ${size}\r\n\r\n${'x'.repeat(size)}\r\n`,
      );
      expect(parts.finish().latin1Slice()).toBe(expected.join(''));
    }),
    { numRuns: 30 },
  );
});

it('reads the same text whatever the guess is', () => {
  fc.assert(
    fc.property(text, fc.option(text), (value, other) => {
      const writer = new ByteWriter(1);
      writer.text(value);
      const read = (guess: string | undefined): string => new ByteReader(writer.finish()).text(guess);
      expect(read(other ?? value)).toBe(read(undefined));
    }),
  );
});

it('finds the parts of a body where reading all of it finds them', () => {
  const part = fc.uint8Array({ maxLength: 60 }).map((content) => bytes.from(content.slice().buffer));
  const parts = fc.record(Object.fromEntries(names.map((name) => [name, part])) as Record<PartName, typeof part>);
  fc.assert(
    fc.property(parts, fc.boolean(), (own, more) => {
      const feedback = more ? [{ id: 'f', fields: bytes.from('{}') }] : [];
      const writer = new ByteWriter(1);
      writeDraft(writer, { skeleton: skeleton(spanId(1)), body: { ...body(), ...own, feedback } });
      const record = writer.finish();
      expect(readDraft(new ByteReader(record))).toMatchObject({ start: 0, bytes: record.length });
      const ranges = new BodyRanges();
      ranges.ofRecord(record);
      for (const name of names) expect(ranges.bytes(Part[name]).equals(own[name])).toBe(true);
      expect({ attachments: ranges.attachments, feedback: ranges.feedback }).toEqual({
        attachments: [],
        feedback: readBody(record).feedback,
      });
    }),
  );
});

it('refuses a body that is cut, wherever it is', () => {
  const writer = new ByteWriter(1);
  writeBody(writer, body());
  const whole = writer.finish();
  const open = (source: Bytes) => () => new BodyRanges().open(source, 0);
  expect(open(whole)).not.toThrow();
  for (let end = 0; end < whole.length; end += 1) {
    expect(open(whole.subarray(0, end))).toThrow(RangeError);
    expect(() => new BodyRanges().open(whole, 0, end)).toThrow(RangeError);
  }
});
