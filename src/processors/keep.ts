import type { Batch, LogRecord, Logs, Resource, Scope, Span, Traces } from '../model/batch.ts';

/** Leaves the spans that `keep` says yes to. Scopes and resources without a span go, too. */
export function keepSpans(batch: Traces, keep: (span: Span, scope: Scope, resource: Resource) => boolean): void {
  for (const { resource, scopeSpans } of batch.resourceSpans) {
    for (const group of scopeSpans) group.spans = group.spans.filter((span) => keep(span, group.scope, resource));
  }
  dropEmptyGroups(batch);
}

/** Leaves the log records that `keep` says yes to. Scopes and resources without a record go, too. */
export function keepLogRecords(batch: Logs, keep: (record: LogRecord, scope: Scope, resource: Resource) => boolean): void {
  for (const { resource, scopeLogs } of batch.resourceLogs) {
    for (const group of scopeLogs) group.logRecords = group.logRecords.filter((record) => keep(record, group.scope, resource));
  }
  dropEmptyGroups(batch);
}

export function dropEmptyGroups(batch: Batch): void {
  if (batch.signal === 'traces') {
    for (const group of batch.resourceSpans) group.scopeSpans = group.scopeSpans.filter(({ spans }) => spans.length > 0);
    batch.resourceSpans = batch.resourceSpans.filter(({ scopeSpans }) => scopeSpans.length > 0);
  } else {
    for (const group of batch.resourceLogs) group.scopeLogs = group.scopeLogs.filter(({ logRecords }) => logRecords.length > 0);
    batch.resourceLogs = batch.resourceLogs.filter(({ scopeLogs }) => scopeLogs.length > 0);
  }
}
