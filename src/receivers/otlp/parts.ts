import type { Batch, Resource, ResourceLogs, ResourceSpans, Scope } from '../../model/batch.ts';
import { logsOf, tracesOf } from '../../otlp/otlp.ts';

interface Group<Item> {
  readonly resource: Resource;
  readonly scopes: { readonly scope: Scope; readonly items: Item[] }[];
}

/** A batch cut into batches of at most `itemsMax` items each, in their order. They share resources and scopes: who changes one of them needs a clone. */
export function partsOf(batch: Batch, itemsMax: number): Batch[] {
  if (batch.signal === 'traces') {
    const groups = batch.resourceSpans.map(({ resource, scopeSpans }) => ({
      resource,
      scopes: scopeSpans.map(({ scope, spans }) => ({ scope, items: spans })),
    }));
    return cut(groups, itemsMax).map((part) => tracesOf(batch.caller, part.map(resourceSpansOf)));
  }
  const groups = batch.resourceLogs.map(({ resource, scopeLogs }) => ({
    resource,
    scopes: scopeLogs.map(({ scope, logRecords }) => ({ scope, items: logRecords })),
  }));
  return cut(groups, itemsMax).map((part) => logsOf(batch.caller, part.map(resourceLogsOf)));
}

function cut<Item>(groups: readonly Group<Item>[], itemsMax: number): Group<Item>[][] {
  const parts: Group<Item>[][] = [];
  let room = 0;
  for (const { resource, scopes } of groups) {
    for (const { scope, items } of scopes) {
      for (let from = 0; from < items.length; ) {
        if (room === 0) {
          parts.push([]);
          room = itemsMax;
        }
        const taken = items.slice(from, from + room);
        add(parts.at(-1) as Group<Item>[], resource, { scope, items: taken });
        from += taken.length;
        room -= taken.length;
      }
    }
  }
  return parts;
}

function add<Item>(part: Group<Item>[], resource: Resource, scope: Group<Item>['scopes'][number]): void {
  const last = part.at(-1);
  if (last?.resource === resource) last.scopes.push(scope);
  else part.push({ resource, scopes: [scope] });
}

function resourceSpansOf({ resource, scopes }: Group<ResourceSpans['scopeSpans'][number]['spans'][number]>): ResourceSpans {
  return { resource, scopeSpans: scopes.map(({ scope, items }) => ({ scope, spans: items })) };
}

function resourceLogsOf({ resource, scopes }: Group<ResourceLogs['scopeLogs'][number]['logRecords'][number]>): ResourceLogs {
  return { resource, scopeLogs: scopes.map(({ scope, items }) => ({ scope, logRecords: items })) };
}
