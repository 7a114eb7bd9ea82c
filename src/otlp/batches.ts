import type { Caller, LeftOutSpan, Logs, ResourceLogs, ResourceSpans, Traces } from '../model/batch.ts';
import { cloneLogRecord, cloneSpan } from './records.ts';
import { WireResource, WireScope } from './wire-groups.ts';

class WireTraces implements Traces {
  readonly signal = 'traces';
  readonly caller: Caller;
  resourceSpans: ResourceSpans[];
  leftOut?: readonly LeftOutSpan[];

  constructor(caller: Caller, resourceSpans: ResourceSpans[]) {
    this.caller = caller;
    this.resourceSpans = resourceSpans;
  }

  /** New objects over the same bytes: a clone costs an object per span, not its content. */
  clone(): Traces {
    const resourceSpans = this.resourceSpans.map(({ resource, scopeSpans }) => ({
      resource: WireResource.copyOf(resource),
      scopeSpans: scopeSpans.map(({ scope, spans }) => ({ scope: WireScope.copyOf(scope), spans: spans.map(cloneSpan) })),
    }));
    const copy = new WireTraces(this.caller, resourceSpans);
    if (this.leftOut) copy.leftOut = this.leftOut;
    return copy;
  }
}

class WireLogs implements Logs {
  readonly signal = 'logs';
  readonly caller: Caller;
  resourceLogs: ResourceLogs[];

  constructor(caller: Caller, resourceLogs: ResourceLogs[]) {
    this.caller = caller;
    this.resourceLogs = resourceLogs;
  }

  clone(): Logs {
    const resourceLogs = this.resourceLogs.map(({ resource, scopeLogs }) => ({
      resource: WireResource.copyOf(resource),
      scopeLogs: scopeLogs.map(({ scope, logRecords }) => ({ scope: WireScope.copyOf(scope), logRecords: logRecords.map(cloneLogRecord) })),
    }));
    return new WireLogs(this.caller, resourceLogs);
  }
}

/** Puts groups together to a batch; they are taken as they are, not copied. */
export function tracesOf(caller: Caller, resourceSpans: ResourceSpans[]): Traces {
  return new WireTraces(caller, resourceSpans);
}

export function logsOf(caller: Caller, resourceLogs: ResourceLogs[]): Logs {
  return new WireLogs(caller, resourceLogs);
}
