import type { Batch, LogRecord, Resource, Scope, Span } from '../model/batch.ts';
import type { Attributes } from '../model/value.ts';
import { WireAttributes } from './wire-attributes.ts';
import { noRange, WireResource, WireScope } from './wire-groups.ts';
import { WireLogRecord } from './wire-log-record.ts';
import { WireSpan } from './wire-span.ts';

/**
 * Ends what is carried along unseen: from now on a batch is encoded from what its model shows. Fields newer than our schema, entity references and the
 * earlier ones of doubled names in maps are left out. For processors that promise something of all data that leaves. Copies stay sealed.
 */
export function seal(batch: Batch): void {
  if (batch.signal === 'traces') {
    for (const { resource, scopeSpans } of batch.resourceSpans) {
      sealGroup(resource);
      for (const { scope, spans } of scopeSpans) {
        sealGroup(scope);
        for (const span of spans) sealSpan(span);
      }
    }
  } else {
    for (const { resource, scopeLogs } of batch.resourceLogs) {
      sealGroup(resource);
      for (const { scope, logRecords } of scopeLogs) {
        sealGroup(scope);
        for (const record of logRecords) sealRecord(record);
      }
    }
  }
}

function sealGroup(group: Resource | Scope): void {
  if (group instanceof WireResource || group instanceof WireScope) group.wire = noRange;
  sealAttributes(group.attributes);
}

function sealSpan(span: Span): void {
  if (span instanceof WireSpan) span.seal();
  sealAttributes(span.attributes);
  for (const { attributes } of span.events) sealAttributes(attributes);
  for (const { attributes } of span.links) sealAttributes(attributes);
}

function sealRecord(record: LogRecord): void {
  if (record instanceof WireLogRecord) record.seal();
  sealAttributes(record.attributes);
}

function sealAttributes(attributes: Attributes): void {
  if (attributes instanceof WireAttributes) attributes.seal();
}
