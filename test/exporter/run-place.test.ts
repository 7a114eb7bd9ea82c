import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type Node, Tree } from '../../src/exporters/langsmith/assemble/trace.ts';
import { ByteWriter } from '../../src/exporters/langsmith/partition/byte-writer.ts';
import { PlaceWriter } from '../../src/exporters/langsmith/partition/run-place.ts';
import { runIdOfSpan } from '../../src/model/ids.ts';
import { dottedSegment } from '../../src/model/time.ts';
import { spanId } from '../assemble/drafts.ts';

/** As text, in the simplest way that there is. */
function placeOf(node: Node): string {
  const { runId, tree, parentRunId } = node;
  const place = { id: runId, trace_id: tree.traceRunId, dotted_order: dottedOrder(node) };
  return JSON.stringify(parentRunId === '' ? place : { ...place, parent_run_id: parentRunId });
}

function dottedOrder({ prefix, parent, startMicros, runId }: Node): string {
  return `${prefix ?? (parent ? `${dottedOrder(parent)}.` : '')}${dottedSegment(startMicros, runId)}`;
}

function node(number: number, parent: Node | undefined, startMicros: number, prefix?: string): Node {
  const runId = runIdOfSpan(spanId(number));
  const parentRunId = prefix === undefined ? (parent?.runId ?? '') : 'said by the span';
  return {
    ...{ spanId: spanId(number), runId, parentRunId, parent, prefix, tree: parent?.tree ?? new Tree(runId, 'default', ''), startMicros },
    ...{ depth: (parent?.depth ?? -1) + 1, thread: [], agent: false, continues: '', marks: 0, usageBelow: false, usageAbove: false },
    ...{ hash: 0, entry: 'e', position: number, names: [], logs: [], sealed: false },
  };
}

const start = fc.integer({ min: 0, max: 4_102_444_800_000_000 });
const shape = fc.record({ parent: fc.option(fc.nat()), start, says: fc.integer({ min: 0, max: 9 }) });

it('writes the places of any forest, in any order', () => {
  fc.assert(
    fc.property(fc.array(shape, { minLength: 1, maxLength: 24 }), fc.array(fc.nat(), { maxLength: 40 }), (shapes, order) => {
      const nodes: Node[] = [];
      for (const [number, { parent, start, says }] of shapes.entries())
        nodes.push(
          node(number + 1, parent === null ? undefined : nodes[parent % (number + 1)], start, says === 0 ? 'what it said.' : undefined),
        );
      const writer = new ByteWriter(1);
      const places = new PlaceWriter(writer);
      for (const index of order) {
        const each = nodes[index % nodes.length] as Node;
        writer.clear();
        places.write(each);
        expect(`${writer.finish().utf8Slice()}}`).toBe(placeOf(each));
      }
    }),
  );
});
