import fc from 'fast-check';
import { expect, it } from 'vitest';
import { encodeCommand } from '../../src/exporters/dead-letters/command.ts';
import { decodeDeadLetter, encodeDeadLetter } from '../../src/exporters/dead-letters/dead-letter.ts';
import { ByteReader } from '../../src/exporters/langsmith/partition/byte-reader.ts';
import { ByteWriter } from '../../src/exporters/langsmith/partition/byte-writer.ts';
import { readBody, readDraft, writeDraft } from '../../src/exporters/langsmith/partition/draft-codec.ts';
import { decodeEntry, decodeParked, EntryWriter, encodeParked } from '../../src/exporters/langsmith/partition/entry-codec.ts';
import { type Bytes, bytes } from '../../src/model/bytes.ts';
import type { Draft, Skeleton } from '../../src/model/draft.ts';
import { Fault } from '../../src/model/fault.ts';
import { draft, spanId } from '../assemble/drafts.ts';

const text = fc.string({ unit: 'grapheme', maxLength: 40 });
const content: fc.Arbitrary<Bytes> = fc.uint8Array({ maxLength: 200 }).map((array) => bytes.concat([array]));
const micros = fc.nat({ max: Number.MAX_SAFE_INTEGER });

const anySkeleton: fc.Arbitrary<Skeleton> = fc.record({
  ...{ traceId: text, spanId: text, parentSpanId: text, runId: text, parentRunId: text, otherParentRunId: text, explicitTraceId: text },
  explicitDottedOrder: text,
  ...{ project: text, projectId: text, parentSoft: fc.boolean(), explicitRoot: fc.boolean(), parentRemote: fc.boolean() },
  ...{ startMicros: micros, endMicros: micros, marks: fc.nat({ max: 4_095 }), thread: fc.array(fc.tuple(text, text), { maxLength: 3 }) },
  names: fc.array(fc.string({ maxLength: 20 }), { maxLength: 3 }),
});
const anyDraft: fc.Arbitrary<Draft> = fc.record({
  skeleton: anySkeleton,
  body: fc.record({
    ...{ main: content, inputs: content, outputs: content, events: content, error: content, serialized: content, metadata: content },
    ...{ usage: content, extra: content },
    attachments: fc.array(fc.record({ name: text, contentType: text, content }), { maxLength: 3 }),
    feedback: fc.array(fc.record({ id: fc.uuid(), runId: fc.uuid(), fields: content }, { requiredKeys: ['id', 'fields'] }), {
      maxLength: 3,
    }),
  }),
});

it('reads any drafts back as they were written', () => {
  fc.assert(
    fc.property(fc.array(anyDraft, { maxLength: 5 }), (drafts) => {
      const writer = new EntryWriter('receiver', '{"a":1}', 'cafe0000');
      for (const each of drafts) writer.add(each);
      const payload = writer.finish();
      const entry = decodeEntry(payload);
      if (entry.kind !== 'drafts') throw new Error('it is no entry of drafts');
      expect(entry).toMatchObject({ receiver: 'receiver', destination: '{"a":1}', tenant: 'cafe0000' });
      expect(
        entry.drafts.map(({ skeleton, start, bytes }) => ({ skeleton, body: readBody(payload.subarray(start, start + bytes)) })),
      ).toEqual(drafts);
      expect(entry.drafts.map(({ operations }) => operations)).toEqual(drafts.map(({ body }) => 1 + body.feedback.length));
    }),
  );
});

it('gives equal drafts equal hashes, and others other ones', () => {
  const hashOf = (of: Draft): number => {
    const writer = new ByteWriter(8);
    writeDraft(writer, of);
    return readDraft(new ByteReader(writer.finish())).hash;
  };
  expect(hashOf(draft(spanId(1)))).toBe(hashOf(draft(spanId(1))));
  expect(hashOf(draft(spanId(1)))).not.toBe(hashOf(draft(spanId(1), '', { project: 'p' })));
});

it('says that a cut or foreign entry is corrupt, and nothing else', () => {
  const writer = new EntryWriter('receiver', '{}', 'cafe0000');
  writer.add(draft(spanId(1)));
  const whole = writer.finish();
  for (let length = 0; length < whole.length; length += 1) expect(() => decodeEntry(whole.subarray(0, length))).toThrow(Fault);
  fc.assert(
    fc.property(content, (garbage) => {
      try {
        decodeEntry(garbage);
      } catch (error) {
        expect(Fault.of(error).code).toBe('GW_JOURNAL_CORRUPT');
      }
    }),
  );
});

it('reads parked drafts, commands and dead letters back', () => {
  const writer = new ByteWriter(8);
  writeDraft(writer, draft(spanId(1), spanId(2)));
  const record = writer.finish();
  const parked = { awaits: 'soft_parent', deadlineMs: 5, appendedAtMs: 4, entry: 'e1', position: 7, destination: '{}' } as const;
  expect(decodeParked(encodeParked(parked, record))).toMatchObject({ ...parked, draft: { skeleton: { spanId: spanId(1) } } });
  expect(decodeEntry(encodeCommand({ action: 'replay', key: 'k' }))).toEqual({ kind: 'command', command: { action: 'replay', key: 'k' } });
  const destination = { endpoint: 'http://x', workspaceId: '', key: 'static' };
  const ids = { runId: 'r', traceId: 't', at: 1, destination, items: 1, holds: 'run', boundary: 'b' } as const;
  const letter = { key: 'k', reason: 'rejected', status: 400, serverText: 'ü', ...ids, parts: bytes.from('parts') } as const;
  expect(decodeDeadLetter(encodeDeadLetter(letter))).toEqual(letter);
});
