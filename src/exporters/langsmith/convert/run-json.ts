import type { Bytes } from '../../../model/bytes.ts';
import { type Body, type Draft, Mark, type Skeleton } from '../../../model/draft.ts';
import { runIdOfSpan } from '../../../model/ids.ts';
import { dottedSegment, isoText } from '../../../model/time.ts';

/** A run as a whole, for people and tests: what would be uploaded if its span came alone. */
export function runJson({ skeleton, body }: Draft): Record<string, unknown> {
  return {
    ...place(skeleton),
    ...objectOf(body.main),
    ...times(skeleton),
    ...session(skeleton),
    ...values(body),
    extra: { metadata: metadata(skeleton, body), ...objectOf(body.extra) },
    ...attached(skeleton, body),
  };
}

function place(skeleton: Skeleton): Record<string, unknown> {
  const { runId, explicitTraceId, explicitDottedOrder } = skeleton;
  const parent = parentOf(skeleton);
  return {
    id: runId,
    trace_id: explicitTraceId || runId,
    ...(parent === '' ? {} : { parent_run_id: parent }),
    dotted_order: explicitDottedOrder || dottedSegment(skeleton.startMicros, runId),
  };
}

function parentOf({ explicitRoot, parentRunId, parentSpanId }: Skeleton): string {
  if (explicitRoot) return '';
  return parentRunId || (parentSpanId === '' ? '' : runIdOfSpan(parentSpanId));
}

function times({ startMicros, endMicros }: Skeleton): Record<string, unknown> {
  return { start_time: isoText(startMicros), ...(endMicros === 0 ? {} : { end_time: isoText(Math.max(startMicros, endMicros)) }) };
}

function session({ project, projectId }: Skeleton): Record<string, unknown> {
  if (projectId !== '') return { session_id: projectId };
  return project === '' ? {} : { session_name: project };
}

function values({ inputs, outputs, events, error, serialized }: Body): Record<string, unknown> {
  const given = Object.entries({ inputs, outputs, events, error, serialized });
  return Object.fromEntries(given.filter(([, value]) => value.length > 0).map(([name, value]) => [name, parsed(value)]));
}

/** What assembly adds for a root. */
function metadata(skeleton: Skeleton, body: Body): Record<string, unknown> {
  const { marks, thread } = skeleton;
  const isRoot = parentOf(skeleton) === '';
  return {
    ...objectOf(body.metadata),
    ...Object.fromEntries(thread),
    ...((marks & Mark.agent) !== 0 ? { ls_agent_type: isRoot ? 'root' : 'subagent' } : {}),
    ...(body.usage.length === 0
      ? {}
      : { [(marks & Mark.aggregate) !== 0 ? 'aggregated_usage_metadata' : 'usage_metadata']: parsed(body.usage) }),
  };
}

function attached({ runId }: Skeleton, { attachments, feedback }: Body): Record<string, unknown> {
  return {
    ...(attachments.length === 0
      ? {}
      : {
          attachments: attachments.map(({ name, contentType, content }) => ({
            name,
            mime_type: contentType,
            content: content.base64Slice(0, content.length),
          })),
        }),
    ...(feedback.length === 0
      ? {}
      : {
          feedback: feedback.map(({ id, runId: other, fields }) => ({
            id,
            run_id: other === undefined || other === 'trace' ? runId : other,
            ...(parsed(fields) as object),
          })),
        }),
  };
}

function parsed(value: Bytes): unknown {
  return JSON.parse(value.utf8Slice(0, value.length));
}

function objectOf(members: Bytes): Record<string, unknown> {
  return JSON.parse(`{${members.utf8Slice(0, members.length)}}`) as Record<string, unknown>;
}
