import { Mark, type Skeleton } from '../../../model/draft.ts';
import type { MissingParentPolicy } from './assemble.ts';
import type { Node } from './trace.ts';

/** Why a run stands where it stands, if not simply by its parent. */
export interface Story {
  /** What was done because its parent did not come. */
  readonly orphan?: MissingParentPolicy | 'cycle';
  /** The parent that did not come, that was left out on purpose, or that stands in a tree that is full. */
  readonly missingParent?: string;
  /** The run id that it should have had, which another run has. */
  readonly remapped?: string;
}

export const noStory: Story = {};

/** Takes members of a run's metadata, one after the other. */
export interface MetadataWriter {
  member(key: string, value: string): void;
  /** Its value is the time as text (`isoText`). */
  time(key: string, micros: number): void;
}

/** End of the run: never before its start; 0 while it is pending. */
export function endOf(skeleton: Skeleton, node: Node): number {
  return skeleton.endMicros === 0 ? 0 : Math.max(skeleton.endMicros, node.startMicros);
}

function addThread(to: MetadataWriter, node: Node): void {
  for (const [key, value] of node.thread.length > 0 ? node.thread : node.tree.thread) to.member(key, value);
}

/** The same of a run that assembly made below another one. */
export function addToRunBelow(to: MetadataWriter, node: Node, traceId: string): void {
  addThread(to, node);
  to.member('OTEL_TRACE_ID', traceId);
  to.member('OTEL_SPAN_ID', node.spanId);
}

/** The same of a run that stands for parents that did not come. */
export function addToSynthetic(to: MetadataWriter, traceId: string): void {
  to.member('spanway_orphan', 'synthetic_root');
  to.member('OTEL_TRACE_ID', traceId);
}

function namesFormat(skeleton: Skeleton, node: Node, traceMarks: number): boolean {
  if (node.parentRunId !== '' || (skeleton.marks & Mark.formatIfRoot) === 0) return false;
  return (traceMarks & Mark.canonical) !== 0 && (traceMarks & Mark.foreign) === 0;
}

/**
 * What only assembly knows of a run's metadata: thread keys (mapping §13.3), agent type (§4.5), message format of the root (§7.1), and every change that
 * was made to what the span said. `traceMarks`: all marks seen in the trace so far.
 */
export function addToMetadata(to: MetadataWriter, skeleton: Skeleton, node: Node, story: Story, traceMarks: number): void {
  addThread(to, node);
  if ((skeleton.marks & Mark.agent) !== 0) to.member('ls_agent_type', node.parent?.agent ? 'subagent' : 'root');
  if (namesFormat(skeleton, node, traceMarks)) to.member('ls_message_format', 'completions');
  if (skeleton.startMicros !== 0 && skeleton.startMicros !== node.startMicros) to.time('original_start_time', skeleton.startMicros);
  if (endOf(skeleton, node) !== skeleton.endMicros) to.time('original_end_time', skeleton.endMicros);
  const project = skeleton.projectId || skeleton.project;
  if (project !== '' && project !== node.tree.projectId && project !== node.tree.project) to.member('otel_project_conflict', project);
  if (story.orphan) to.member('spanway_orphan', story.orphan);
  if (story.missingParent) to.member('spanway_original_parent_id', story.missingParent);
  if (story.remapped) to.member('otel_id_remapped', story.remapped);
  if (node.continues !== '') to.member('otel_continuation', node.continues);
}
