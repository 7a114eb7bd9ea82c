import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Head, headLength, readHead, writeHead } from '../../src/journal/file/segments/entry-head.ts';
import { asBytes } from '../../src/model/bytes.ts';

const u32 = fc.nat({ max: 0xffff_ffff });
const arbitrary = fc.record({
  payload: fc.uint8Array({ maxLength: 2_000 }),
  partition: fc.nat({ max: 0xffff }),
  items: u32,
  appendedAtMs: fc.double({ noNaN: true }),
  segment: u32,
  position: u32,
});
type Given = typeof arbitrary extends fc.Arbitrary<infer Value> ? Value : never;

function written({ payload, segment, position, ...entry }: Given): Buffer {
  const head = Buffer.alloc(headLength, 0xff);
  writeHead(head, asBytes(Buffer.from(payload)), entry, { segment, position });
  return head;
}

describe('the head of an entry', () => {
  test('says what was written', () => {
    const property = fc.property(arbitrary, (given) => {
      const { payload, ...rest } = given;
      const head = readHead(written(given));
      expect(head).toEqual({ ...rest, payloadLength: payload.length, payloadCrc: expect.any(Number) as number } satisfies Head);
    });
    fc.assert(property);
  });

  test('of another payload is another one, even if it is as long', () => {
    const property = fc.property(arbitrary, fc.nat(), (given, at) => {
      fc.pre(given.payload.length > 0);
      const payload = given.payload.map((byte, index) => (index === at % given.payload.length ? byte ^ 1 : byte));
      expect(readHead(written({ ...given, payload }))?.payloadCrc).not.toBe(readHead(written(given))?.payloadCrc);
    });
    fc.assert(property);
  });

  test('with any bit flipped, or cut off, is none', () => {
    const property = fc.property(arbitrary, fc.nat({ max: headLength * 8 - 1 }), (given, bit) => {
      const head = written(given);
      expect(readHead(head.subarray(0, bit >> 3))).toBeUndefined();
      head[bit >> 3] = (head[bit >> 3] as number) ^ (1 << (bit & 7));
      expect(readHead(head)).toBeUndefined();
    });
    fc.assert(property, { numRuns: 1_000 });
  });

  test.each([0, 0xff])('is not what %i in every byte says', (byte) => {
    expect(readHead(Buffer.alloc(headLength, byte))).toBeUndefined();
  });
});
