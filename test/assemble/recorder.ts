import { addToMetadata, endOf, type MetadataWriter, type Story } from '../../src/exporters/langsmith/assemble/additions.ts';
import { Assembler, type AssemblyRules, type Decisions, defaultRules } from '../../src/exporters/langsmith/assemble/assemble.ts';
import { type Arrival, type Awaited, type Node, Trace } from '../../src/exporters/langsmith/assemble/trace.ts';
import { waitingTop } from '../../src/exporters/langsmith/assemble/waiting-chain.ts';
import type { Skeleton } from '../../src/model/draft.ts';
import { dottedSegment, isoText } from '../../src/model/time.ts';
import { traceId } from './drafts.ts';

/** As text, in the simplest way that there is. */
function dottedOrder({ prefix, parent, startMicros, runId }: Node): string {
  return `${prefix ?? (parent ? `${dottedOrder(parent)}.` : '')}${dottedSegment(startMicros, runId)}`;
}

export interface Run {
  readonly runId: string;
  readonly parentRunId: string;
  readonly traceRunId: string;
  readonly dottedOrder: string;
  readonly startMicros: number;
  readonly endMicros: number;
  readonly project: string;
  readonly metadata: Record<string, unknown>;
}

/** An assembler with what it decided, in the shape of runs. */
export class Recorder implements Decisions<Arrival> {
  readonly trace = new Trace<Arrival>(`00000000:${traceId}`, traceId);
  readonly assembler: Assembler<Arrival>;
  readonly runs = new Map<string, Run>();
  readonly nodes: Node[] = [];
  readonly events: string[] = [];
  #position = 0;

  constructor(rules: Partial<AssemblyRules> = {}) {
    this.assembler = new Assembler({ ...defaultRules, ...rules }, this);
  }

  arrive(skeleton: Skeleton, hash = 1): Arrival {
    const arrival = {
      skeleton,
      filteredParent: '',
      hash,
      entry: 'e',
      position: this.#position++,
      appendedAtMs: 1_767_323_046_000,
      awaits: 'parent' as Awaited,
    };
    this.assembler.arrive(this.trace, arrival);
    return arrival;
  }

  /** The span was left out. */
  leaveOut(spanId: string, parentSpanId = '', parentRemote = false): boolean {
    return this.assembler.leaveOut(this.trace, { traceId, spanId, parentSpanId, parentRemote });
  }

  giveUp(spanId: string, policy: 'promote' | 'synthetic_root' | 'dead_letter'): void {
    const waiting = this.trace.waiting.get(spanId);
    if (!waiting) throw new Error(`${spanId} does not wait`);
    this.assembler.giveUp(this.trace, waitingTop(this.trace, waiting, new Map()), policy);
  }

  seal(): void {
    for (const node of this.nodes) node.sealed = true;
  }

  run(spanId: string): Run {
    const run = this.runs.get(spanId);
    if (!run) throw new Error(`${spanId} has no place`);
    return run;
  }

  placed(trace: Trace<Arrival>, node: Node, { skeleton }: Arrival, story: Story): void {
    if (this.runs.has(node.spanId)) throw new Error(`${node.spanId} is placed twice`);
    this.nodes.push(node);
    this.runs.set(node.spanId, {
      runId: node.runId,
      parentRunId: node.parentRunId,
      traceRunId: node.tree.traceRunId,
      dottedOrder: dottedOrder(node),
      startMicros: node.startMicros,
      endMicros: endOf(skeleton, node),
      project: node.tree.project,
      /** As it would be sealed now. */
      get metadata() {
        const members = new Map<string, string>();
        const metadata: MetadataWriter = {
          member: (key, value) => members.set(key, value),
          time: (key, micros) => members.set(key, isoText(micros)),
        };
        addToMetadata(metadata, skeleton, node, story, trace.marks);
        return Object.fromEntries(members) as Record<string, unknown>;
      },
    });
  }

  synthetic(_: Trace<Arrival>, node: Node): void {
    this.nodes.push(node);
    this.events.push(`synthetic ${node.runId}`);
  }

  waits(_: Trace<Arrival>, arrival: Arrival, awaited: Awaited): void {
    Object.assign(arrival, { awaits: awaited });
    this.events.push(awaited === 'parent' ? `waits ${arrival.skeleton.spanId}` : `waits ${arrival.skeleton.spanId} for ${awaited}`);
  }

  update(_: Trace<Arrival>, node: Node, logs: readonly Arrival[]): void {
    this.events.push(`updates ${node.spanId} ${logs.length}`);
  }

  unjoined(_: Trace<Arrival>, { skeleton }: Arrival): void {
    this.events.push(`unjoined ${skeleton.spanId}`);
  }

  duplicate({ skeleton }: Arrival): void {
    this.events.push(`duplicate ${skeleton.spanId}`);
  }

  replayed({ skeleton }: Arrival): void {
    this.events.push(`replayed ${skeleton.spanId}`);
  }

  replaced(_: Trace<Arrival>, former: Arrival | undefined, { skeleton }: Arrival, node: Node | undefined): void {
    this.events.push(`replaced ${skeleton.spanId} ${former ? 'waiting' : node ? 'placed' : ''}`);
  }

  conflict(_: Trace<Arrival>, __: Node, { skeleton }: Arrival): void {
    this.events.push(`conflict ${skeleton.spanId}`);
  }

  orphaned(_: Trace<Arrival>, node: Node, { skeleton }: Arrival): void {
    this.events.push(`orphaned ${skeleton.spanId} ${dottedOrder(node).split('.').length}`);
  }
}
