/** Batches as export requests that a server takes: split by items until each is small enough. */
import { type Batch, type Caller, itemCount, type ResourceLogs, type ResourceSpans } from '../../model/batch.ts';
import { decodeLogs, decodeTraces, encodeLogs, encodeTraces, logsOf, tracesOf } from '../../otlp/otlp.ts';
import type { ExportRequest } from './entry.ts';

/** In order. A single item that is larger than `bytesMax` stays whole. */
export function requestsOf(batch: Batch, bytesMax: number, sealedHeaders: string): ExportRequest[] {
  const items = itemCount(batch);
  if (items === 0) return [];
  const body = batch.signal === 'traces' ? encodeTraces(batch) : encodeLogs(batch);
  if (body.length <= bytesMax || items === 1) return [{ signal: batch.signal, body, items, sealedHeaders }];
  return halves(batch, items).flatMap((half) => requestsOf(half, bytesMax, sealedHeaders));
}

/** For a request that the server finds too large or bad; `undefined` if it holds one item only. */
export function halvesOf({ signal, body, items, sealedHeaders }: ExportRequest): readonly ExportRequest[] | undefined {
  if (items < 2) return undefined;
  const { batch } = signal === 'traces' ? decodeTraces(body, nobody) : decodeLogs(body, nobody);
  return halves(batch, itemCount(batch)).flatMap((half) => requestsOf(half, Number.POSITIVE_INFINITY, sealedHeaders));
}

/** Requests that were stored have no caller any more. */
export const nobody: Caller = { receiver: '', transport: 'grpc', address: '', metadata: new Map(), receivedAtMs: 0 };

function halves(batch: Batch, items: number): readonly Batch[] {
  const middle = items >> 1;
  return [between(batch, 0, middle), between(batch, middle, items)];
}

/** The items `[from, to)` in their groups; groups without any are left out. */
function between(batch: Batch, from: number, to: number): Batch {
  let at = 0;
  const cut = <Item>(items: readonly Item[]): Item[] => {
    const part = items.slice(Math.max(0, from - at), Math.max(0, to - at));
    at += items.length;
    return part;
  };
  if (batch.signal === 'traces') {
    const groups: ResourceSpans[] = batch.resourceSpans.map(({ resource, scopeSpans }) => ({
      resource,
      scopeSpans: scopeSpans.map(({ scope, spans }) => ({ scope, spans: cut(spans) })).filter(({ spans }) => spans.length > 0),
    }));
    return tracesOf(
      batch.caller,
      groups.filter(({ scopeSpans }) => scopeSpans.length > 0),
    );
  }
  const groups: ResourceLogs[] = batch.resourceLogs.map(({ resource, scopeLogs }) => ({
    resource,
    scopeLogs: scopeLogs
      .map(({ scope, logRecords }) => ({ scope, logRecords: cut(logRecords) }))
      .filter(({ logRecords }) => logRecords.length > 0),
  }));
  return logsOf(
    batch.caller,
    groups.filter(({ scopeLogs }) => scopeLogs.length > 0),
  );
}
