import { Mark, type Skeleton } from '../../../model/draft.ts';
import { isoText } from '../../../model/time.ts';
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

function member(key: string, value: string): string {
  return `,"${key}":${JSON.stringify(value)}`;
}

/** End of the run: never before its start; 0 while it is pending. */
export function endOf(skeleton: Skeleton, node: Node): number {
  return skeleton.endMicros === 0 ? 0 : Math.max(skeleton.endMicros, node.startMicros);
}

function threadOf(node: Node): string {
  let text = '';
  for (const [key, value] of node.thread.length > 0 ? node.thread : node.tree.thread)
    text += `,${JSON.stringify(key)}:${JSON.stringify(value)}`;
  return text;
}

/** The same of a run that assembly made below another one. */
export function additionsBelow(node: Node, traceId: string): string {
  return (threadOf(node) + member('OTEL_TRACE_ID', traceId) + member('OTEL_SPAN_ID', node.spanId)).slice(1);
}

function formatOfRoot(skeleton: Skeleton, node: Node, traceMarks: number): string {
  if (node.parentRunId !== '' || (skeleton.marks & Mark.formatIfRoot) === 0) return '';
  return (traceMarks & Mark.canonical) !== 0 && (traceMarks & Mark.foreign) === 0 ? member('ls_message_format', 'completions') : '';
}

/**
 * What only assembly knows of a run's metadata, as JSON members: thread keys (mapping §13.3), agent type (§4.5), message format of the root
 * (§7.1), and every change that was made to what the span said. `traceMarks`: all marks seen in the trace so far.
 */
export function additions(skeleton: Skeleton, node: Node, story: Story, traceMarks: number): string {
  let text = threadOf(node);
  if ((skeleton.marks & Mark.agent) !== 0) text += member('ls_agent_type', node.parent?.agent ? 'subagent' : 'root');
  text += formatOfRoot(skeleton, node, traceMarks);
  if (skeleton.startMicros !== 0 && skeleton.startMicros !== node.startMicros)
    text += member('original_start_time', isoText(skeleton.startMicros));
  const end = endOf(skeleton, node);
  if (end !== skeleton.endMicros) text += member('original_end_time', isoText(skeleton.endMicros));
  const project = skeleton.projectId || skeleton.project;
  if (project !== '' && project !== node.tree.projectId && project !== node.tree.project) text += member('otel_project_conflict', project);
  if (story.orphan) text += member('spanway_orphan', story.orphan);
  if (story.missingParent) text += member('spanway_original_parent_id', story.missingParent);
  if (story.remapped) text += member('otel_id_remapped', story.remapped);
  if (node.continues !== '') text += member('otel_continuation', node.continues);
  return text.slice(1);
}
