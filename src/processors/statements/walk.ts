import type { Batch, LogRecord, Span } from '../../model/batch.ts';
import type { ContextName, Evaluation } from '../../ottl/ottl.ts';

/** Moves the evaluation over every record of a context, in their order. Each record begins with an empty cache. */
export function forEachRecord(batch: Batch, context: ContextName, evaluation: Evaluation, visit: () => void): void {
  const record = (): void => {
    evaluation.cache = undefined;
    visit();
  };
  for (const group of batch.signal === 'traces' ? batch.resourceSpans : batch.resourceLogs) {
    evaluation.resource = group.resource;
    if (context === 'resource') {
      record();
      continue;
    }
    for (const inner of 'scopeSpans' in group ? group.scopeSpans : group.scopeLogs) {
      evaluation.scope = inner.scope;
      if (context === 'scope') record();
      else if ('spans' in inner) forEachSpan(inner.spans, context, evaluation, record);
      else forEachLog(inner.logRecords, evaluation, record);
    }
  }
}

function forEachLog(records: readonly LogRecord[], evaluation: Evaluation, visit: () => void): void {
  for (const record of records) {
    evaluation.log = record;
    visit();
  }
}

function forEachSpan(spans: readonly Span[], context: ContextName, evaluation: Evaluation, visit: () => void): void {
  for (const span of spans) {
    evaluation.span = span;
    if (context === 'span') visit();
    else if (context === 'spanlink') {
      for (const link of span.links) {
        evaluation.spanLink = link;
        visit();
      }
    } else {
      for (const [index, event] of span.events.entries()) {
        evaluation.spanEvent = event;
        evaluation.eventIndex = index;
        visit();
      }
    }
  }
}
