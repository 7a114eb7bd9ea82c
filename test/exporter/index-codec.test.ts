import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Node, Trace, Tree } from '../../src/exporters/langsmith/assemble/trace.ts';
import {
  chunkTime,
  encodeChunks,
  encodeFiltered,
  readableChunk,
  readableNodes,
} from '../../src/exporters/langsmith/partition/index-codec.ts';
import type { StoredNode } from '../../src/exporters/langsmith/partition/index-node.ts';
import { restoreNodes } from '../../src/exporters/langsmith/partition/restore-nodes.ts';
import { formats } from '../../src/journal/format.ts';
import { type Bytes, bytes } from '../../src/model/bytes.ts';
import { runIdOfSpan } from '../../src/model/ids.ts';
import { spanId, startOfTime, traceId } from '../assemble/drafts.ts';

const sealedAtMs = startOfTime / 1_000 + 2_500;

function node(span: string, more: Partial<Node> = {}): Node {
  return {
    ...{ spanId: span, runId: runIdOfSpan(span), parentRunId: '', parent: undefined, prefix: undefined, tree: new Tree('', '', '') },
    ...{ startMicros: startOfTime, depth: 1, thread: [], agent: false, continues: '', marks: 0, usageBelow: false, usageAbove: false },
    ...{ hash: 0, entry: '', position: 0, names: [], logs: [], sealed: true },
    ...more,
  };
}

/** A node that the index tells so. */
function unstored({ traceRunId, project, projectId, ...facts }: StoredNode): Node {
  return node(facts.spanId, { ...facts, tree: new Tree(traceRunId, project, projectId) });
}

/** What stands in the index of it. */
function stored({ tree, parent, sealed, usageBelow, usageAbove, ...facts }: Node): StoredNode {
  const { traceRunId, project, projectId } = tree;
  return { ...facts, traceRunId, project, projectId };
}

function chunkOf(nodes: readonly Node[]): Bytes {
  return encodeChunks([nodes], sealedAtMs, formats.newest)[0] as Bytes;
}

/** A trace as SDKs make them: one request, one tree, a thread. */
function ordinaryTrace(runs: number): Node[] {
  const tree = new Tree(runIdOfSpan('5af7f5c1d0a10000'), 'my-project', '');
  const thread = [['session_id', '0b9a4a56-0f1c-4f4e-b2a7-6a8f3d2b1c00']] as const;
  return Array.from({ length: runs }, (_, at) =>
    node(`5af7f5c1d0a1${at.toString(16).padStart(4, '0')}`, {
      ...{ tree, thread, entry: '0000000000004711.128.812345', position: 120 + at, hash: 0xdeadbeef - at },
      ...{ parentRunId: at === 0 ? '' : tree.traceRunId, depth: at === 0 ? 1 : 2, startMicros: startOfTime + at * 150_000, marks: 0xc2 },
    }),
  );
}

const hex = (length: number): fc.Arbitrary<string> =>
  fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: length, maxLength: length });
const text = fc.string({ unit: 'grapheme', maxLength: 40 });
const span = fc.oneof(
  hex(16),
  hex(16).map((id) => id.toUpperCase()),
  text,
  fc.constant(''),
);
const run = fc.oneof(
  hex(16).map(runIdOfSpan),
  fc.uuid(),
  fc.uuid().map((id) => id.toUpperCase()),
  hex(36),
  text,
  fc.constant(''),
);
const entry = fc.oneof(fc.constantFrom('0000000000000001.3.4711', '1767323046000-0', ''), text);
const u32 = fc.nat({ max: 0xffff_ffff });
const threads = fc.array(fc.tuple(text, text), { maxLength: 3 });
const number = fc.oneof(
  fc.integer({ min: startOfTime, max: startOfTime + 3_600_000_000 }),
  fc.double({ noNaN: true }).map((value) => value + 0),
);
const anyTrees = fc.array(
  fc.tuple(run, text, run).map(([id, project, projectId]) => new Tree(id, project, projectId)),
  { minLength: 1, maxLength: 3 },
);
const anyIds = fc.oneof(
  fc.record({ spanId: span, runId: run }),
  hex(16).map((spanId) => ({ spanId, runId: runIdOfSpan(spanId) })),
);
const anyFacts = fc.record({
  ...{
    parentRunId: run,
    prefix: fc.option(text, { nil: undefined }),
    startMicros: number,
    depth: u32,
    thread: threads,
    agent: fc.boolean(),
  },
  ...{ continues: run, marks: fc.nat({ max: 4_095 }), hash: u32, entry, position: u32, names: fc.array(text, { maxLength: 3 }) },
  logs: fc.array(fc.record({ hash: u32, entry, position: u32 }), { maxLength: 3 }),
});
const anyNodes = anyTrees.chain((trees) =>
  fc.array(
    fc
      .tuple(anyIds, anyFacts, fc.constantFrom(...trees))
      .map(([{ spanId, runId }, facts, tree]) => node(spanId, { ...facts, runId, tree })),
    { maxLength: 12 },
  ),
);
const anyFormat = fc.integer({ min: formats.oldest, max: formats.newest });
const anyMs = fc.oneof(fc.nat({ max: Number.MAX_SAFE_INTEGER }), fc.double({ noNaN: true, noDefaultInfinity: true }));

describe('the index of a trace', () => {
  it('reads any runs back as they were written', () => {
    fc.assert(
      fc.property(fc.array(anyNodes, { maxLength: 4 }), anyMs, anyFormat, (lists, atMs, format) => {
        const chunks = encodeChunks(lists, atMs, format);
        expect(chunks.map((chunk) => readableNodes(chunk))).toEqual(lists.map((nodes) => nodes.map(stored)));
        for (const chunk of chunks) expect(chunkTime(chunk)).toBe(atMs);
      }),
    );
  });

  it('reads ten thousand runs back', () => {
    const nodes = ordinaryTrace(10_000);
    expect(readableNodes(chunkOf(nodes))).toEqual(nodes.map(stored));
  });

  it('reads any spans that were left out back as they were written', () => {
    const filtered = fc.record({ traceId: fc.constant(traceId), spanId: span, parentSpanId: span, parentRemote: fc.boolean() });
    fc.assert(
      fc.property(fc.array(filtered, { maxLength: 5 }), anyMs, anyFormat, (spans, atMs, format) => {
        const chunk = encodeFiltered(spans, atMs, format);
        expect(readableChunk(chunk, traceId)).toEqual({ nodes: [], filtered: spans });
        expect(chunkTime(chunk)).toBe(atMs);
      }),
    );
  });

  it('takes some 30 bytes for an ordinary run, and less than half a page of the store for a trace of 8', () => {
    expect(chunkOf(ordinaryTrace(8)).length).toBeLessThan(400);
    expect(chunkOf(ordinaryTrace(100)).length).toBeLessThan(100 * 30);
  });

  it('reads a chunk that is cut or of another version as an empty one', () => {
    const whole = chunkOf(ordinaryTrace(8));
    for (let length = 0; length < whole.length; length += 1) expect(readableNodes(whole.subarray(0, length))).toEqual([]);
    expect(readableNodes(bytes.concat([bytes.from([9] as unknown as ArrayBuffer), whole.subarray(1)]))).toEqual([]);
  });

  it('never throws over damaged bytes', () => {
    const whole = chunkOf(ordinaryTrace(3));
    fc.assert(
      fc.property(fc.nat({ max: whole.length - 1 }), fc.nat({ max: 255 }), (at, value) => {
        const damaged = bytes.concat([whole]);
        damaged[at] = value;
        expect(readableNodes(damaged)).toBeInstanceOf(Array);
      }),
    );
  });

  it('rebuilds a trace from chunks in any order', () => {
    const [root, ...rest] = ordinaryTrace(20) as [Node, ...Node[]];
    const deeper = node(spanId(1), { tree: root.tree, parentRunId: rest[7]?.runId ?? '', depth: 3 });
    const chunks = encodeChunks([[deeper], rest.slice(10), [root, ...rest.slice(0, 10)]], sealedAtMs, formats.newest);
    const trace = new Trace('tenant:trace', 'trace');
    restoreNodes(trace, chunks);
    expect(trace.size).toBe(21);
    expect(trace.run(deeper.runId)?.parent?.parent?.runId).toBe(root.runId);
    expect(trace.run(deeper.runId)?.tree).toBe(trace.run(root.runId)?.tree);
    const { tree, parent, ...facts } = rest[3] as Node;
    expect(trace.run(facts.runId)).toMatchObject({ ...facts, tree: { traceRunId: tree.traceRunId, project: tree.project } });
  });
});

describe('the index as version 1 wrote it', () => {
  const golden = JSON.parse(readFileSync(new URL('golden/index-version-1.json', import.meta.url), 'utf8'));

  it('is read', () => {
    const chunk = bytes.from(golden.chunk, 'base64');
    expect(readableNodes(chunk)).toEqual(golden.nodes.map((each: object) => ({ prefix: undefined, ...each })));
    expect(chunkTime(chunk)).toBe(golden.sealedAtMs);
  });

  it('is read where it tells of spans that were left out', () => {
    const chunk = bytes.from(golden.filteredChunk, 'base64');
    expect(readableChunk(chunk, traceId)).toEqual({ nodes: [], filtered: golden.filtered.map((each: object) => ({ traceId, ...each })) });
    expect(chunkTime(chunk)).toBe(golden.filteredAtMs);
  });

  it('is written in a journal of format 1, byte for byte, so that who wrote it can come back', () => {
    expect(encodeChunks([golden.nodes.map(unstored)], golden.sealedAtMs, 1)[0]).toEqual(bytes.from(golden.chunk, 'base64'));
    expect(encodeFiltered(golden.filtered, golden.filteredAtMs, 1)).toEqual(bytes.from(golden.filteredChunk, 'base64'));
  });

  it('goes together with chunks of today', () => {
    const trace = new Trace('tenant:trace', 'trace');
    const [child] = [...golden.nodes].slice(1) as [StoredNode];
    const tree = new Tree(golden.nodes[0].traceRunId, 'my project', '');
    const late = node(spanId(9), { tree, parentRunId: child.runId, depth: 3 });
    restoreNodes(trace, [chunkOf([late]), bytes.from(golden.chunk, 'base64')]);
    expect(trace.run(late.runId)?.parent?.spanId).toBe(child.spanId);
  });
});
