import type { Batch, Logs, Traces } from '../../model/batch.ts';
import type { Connector } from '../../model/component.ts';
import type { Evaluation } from '../../ottl/ottl.ts';
import { logsOutbox, tracesOutbox } from './outbox.ts';
import { type CompiledRow, settle, targetsOf } from './rows.ts';

/** A batch for each pipeline, and how many items went nowhere. */
interface Split {
  readonly routed: ReturnType<Connector['route']>;
  readonly unrouted: number;
}

/** Stands for the next stage among the pipelines. */
const rest = '';

/** Sends a batch through the stages of the table: each gets what the one before it has left. */
export function splitByStages(
  batch: Batch,
  stages: readonly (readonly CompiledRow[])[],
  defaults: readonly string[],
  evaluation: Evaluation,
): Split {
  const parts: { pipeline: string; batch: Batch }[] = [];
  let left: Batch | undefined = batch;
  let unrouted = 0;
  for (const [at, rows] of stages.entries()) {
    if (left === undefined) break;
    const last = at === stages.length - 1;
    const outcome: Split = split(left, rows, last ? defaults : [rest], evaluation);
    parts.push(...outcome.routed.filter(({ pipeline }) => pipeline !== rest));
    left = outcome.routed.find(({ pipeline }) => pipeline === rest)?.batch;
    unrouted = outcome.unrouted;
  }
  return { routed: parts, unrouted };
}

function split(batch: Batch, rows: readonly CompiledRow[], defaults: readonly string[], evaluation: Evaluation): Split {
  const known = rows.filter(({ context }) => context !== (batch.signal === 'traces' ? 'log' : 'span'));
  const ofRequest = settle(known, 'otelcol', evaluation);
  return batch.signal === 'traces'
    ? splitTraces(batch, ofRequest, defaults, evaluation)
    : splitLogs(batch, ofRequest, defaults, evaluation);
}

function splitTraces(batch: Traces, rows: readonly CompiledRow[], defaults: readonly string[], evaluation: Evaluation): Split {
  const outbox = tracesOutbox(batch.caller);
  let unrouted = 0;
  for (const { resource, scopeSpans } of batch.resourceSpans) {
    evaluation.resource = resource;
    const ofResource = settle(rows, 'resource', evaluation);
    for (const { scope, spans } of scopeSpans) {
      evaluation.scope = scope;
      const ofScope = settle(ofResource, 'scope', evaluation);
      for (const span of spans) {
        evaluation.span = span;
        if (!outbox.put(resource, scope, span, targetsOf(ofScope, evaluation, defaults))) unrouted++;
      }
    }
  }
  return { routed: outbox.batches(), unrouted };
}

function splitLogs(batch: Logs, rows: readonly CompiledRow[], defaults: readonly string[], evaluation: Evaluation): Split {
  const outbox = logsOutbox(batch.caller);
  let unrouted = 0;
  for (const { resource, scopeLogs } of batch.resourceLogs) {
    evaluation.resource = resource;
    const ofResource = settle(rows, 'resource', evaluation);
    for (const { scope, logRecords } of scopeLogs) {
      evaluation.scope = scope;
      const ofScope = settle(ofResource, 'scope', evaluation);
      for (const record of logRecords) {
        evaluation.log = record;
        if (!outbox.put(resource, scope, record, targetsOf(ofScope, evaluation, defaults))) unrouted++;
      }
    }
  }
  return { routed: outbox.batches(), unrouted };
}
