import { describe, expect, it } from 'vitest';
import { countsUsage } from '../../src/exporters/langsmith/assemble/usage.ts';
import { Mark } from '../../src/model/draft.ts';
import { skeleton, spanId } from './drafts.ts';
import { Recorder } from './recorder.ts';

const [a, b, c, d] = [1, 2, 3, 4].map(spanId) as [string, string, string, string];
const own = Mark.usage | Mark.inputs;
const silent = Mark.usage;
const sum = Mark.aggregate;

/** Whose tokens count, when all have come; parents are composed first. */
function counted(recorder: Recorder): string[] {
  return recorder.nodes
    .filter((node) => (node.marks & (Mark.usage | Mark.aggregate)) !== 0 && countsUsage(node))
    .map(({ spanId: id }) => id);
}

function chain(...marks: readonly number[]): Recorder {
  const recorder = new Recorder();
  const ids = [a, b, c, d];
  for (const [at, mark] of marks.entries()) recorder.arrive(skeleton(ids[at] as string, ids[at - 1] ?? '', { marks: mark }));
  return recorder;
}

describe('tokens that several runs of a path tell', () => {
  it('count in the innermost model call', () => {
    expect(counted(chain(own, 0, own))).toEqual([c]);
    expect(counted(chain(sum, own, own, own))).toEqual([d]);
  });

  it('count in the outer call if the inner one shows no content: both tell of the same', () => {
    expect(counted(chain(own, silent))).toEqual([a]);
    expect(counted(chain(silent, silent))).toEqual([b]);
  });

  it('count in the topmost sum if no model call tells any', () => {
    expect(counted(chain(sum, sum, 0))).toEqual([a]);
    expect(counted(chain(0, sum))).toEqual([b]);
  });

  it('count once if the inner run comes after the outer one was sent', () => {
    for (const outer of [own, sum]) {
      const recorder = chain(outer);
      expect(counted(recorder)).toEqual([a]);
      recorder.seal();
      recorder.arrive(skeleton(b, a, { marks: own }));
      recorder.arrive(skeleton(c, b, { marks: own }));
      expect(counted(recorder)).toEqual([a]);
    }
  });

  it('count in every branch for itself, in whatever order they come', () => {
    const spans = [
      skeleton(a, '', { marks: sum }),
      skeleton(b, a, { marks: own }),
      skeleton(c, a, { marks: sum }),
      skeleton(d, a, { marks: own }),
    ];
    for (const order of [spans, [...spans].reverse()]) {
      const recorder = new Recorder();
      for (const span of order) recorder.arrive(span);
      expect(counted(recorder).sort()).toEqual([b, c, d]);
    }
  });
});

describe('thread keys', () => {
  it('of descendants are those of the whole trace if all of them agree', () => {
    const recorder = new Recorder();
    recorder.arrive(skeleton(a));
    recorder.arrive(skeleton(b, a, { thread: [['thread_id', 't']] }));
    recorder.arrive(skeleton(c, a));
    for (const id of [a, b, c]) expect(recorder.run(id).metadata).toEqual({ thread_id: 't' });
    recorder.arrive(skeleton(d, a, { thread: [['thread_id', 'u']] }));
    expect(recorder.run(c).metadata).toEqual({});
    expect(recorder.run(d).metadata).toEqual({ thread_id: 'u' });
  });

  it('that are long are not copied upwards', () => {
    const recorder = new Recorder();
    recorder.arrive(skeleton(a));
    recorder.arrive(skeleton(b, a, { thread: [['thread_id', 't'.repeat(1_000)]] }));
    expect(recorder.run(a).metadata).toEqual({});
  });
});
