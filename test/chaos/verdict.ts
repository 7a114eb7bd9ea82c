/** What became of the spans, by what the sink holds. */
import { runIdOfSpan } from '../../src/model/ids.ts';
import type { Sink } from '../../src/sink/sink.ts';
import type { ChaosSpan } from './forest.ts';

export interface Verdict {
  /** Acknowledged spans that are no run. */
  readonly lost: readonly string[];
  /** Runs whose parent, trace or `dotted_order` is not what the span's ancestors say. */
  readonly broken: readonly string[];
  /** Runs that are no span of these: the same span under another id, or a run of before. */
  readonly strange: number;
  /** What the strict sink objected to. */
  readonly violations: readonly unknown[];
}

export function missing({ store }: Sink, spans: readonly ChaosSpan[]): number {
  return spans.length - store.runCount;
}

export function judge({ store }: Sink, spans: readonly ChaosSpan[]): Verdict {
  const lost: string[] = [];
  const broken: string[] = [];
  for (const span of spans) {
    const run = store.run(runIdOfSpan(span.spanId));
    if (run === undefined) lost.push(describe(span));
    else if (!isInPlace(run, span, store)) broken.push(describe(span));
  }
  return { lost, broken, strange: store.runCount - (spans.length - lost.length), violations: store.violations() };
}

type Store = Sink['store'];
type Run = NonNullable<ReturnType<Store['run']>>;

function isInPlace(run: Run, span: ChaosSpan, store: Store): boolean {
  let root = span;
  while (root.parent) root = root.parent;
  if (run.traceId !== runIdOfSpan(root.spanId)) return false;
  const end = run.dottedOrder.slice(-36);
  if (end !== run.id) return false;
  if (!span.parent) return run.parentRunId === '' && !run.dottedOrder.includes('.');
  const parentId = runIdOfSpan(span.parent.spanId);
  const prefix = store.run(parentId)?.dottedOrder;
  return run.parentRunId === parentId && run.dottedOrder.slice(0, run.dottedOrder.lastIndexOf('.')) === prefix;
}

function describe({ traceId, spanId, parent }: ChaosSpan): string {
  return `trace ${traceId} span ${spanId} parent ${parent?.spanId ?? 'none'}`;
}
