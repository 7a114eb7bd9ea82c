import type { Destination } from '../../../model/destination.ts';
import { type BatchContent, isUpdate } from '../sealed-batch.ts';
import type { Courier } from './courier.ts';
import type { Endpoint } from './endpoint.ts';
import type { Job } from './job.ts';

export interface TakenIdDeps {
  readonly courier: Courier;
  readonly endpoint: Endpoint;
  /** The account behind the lane; `undefined` while its key cannot be had. */
  readonly destination: () => Destination | undefined;
  readonly stop: AbortSignal;
}

const askTimeoutMs = 10_000;

/**
 * Whether a single run that the server says it has is not the one that it has: a run of another trace took the id first (mapping §15.1). The server is
 * asked, since the journal may have been lost, or forgotten what it sent. A server that cannot say it is believed: the run is there.
 */
export async function isTaken(job: Job, content: BatchContent, deps: TakenIdDeps): Promise<boolean> {
  const [item] = content.items;
  const destination = deps.destination();
  if (!item || isUpdate(item) || !destination) return false;
  const path = `/runs/${item.runId}?exclude_s3_stored_attributes=true`;
  const reply = await deps.endpoint.client.get(path, destination, deps.stop, askTimeoutMs);
  const there = typeof reply === 'string' || reply.status !== 200 ? undefined : parsed(reply.text);
  // Two roots with one id have one trace id, too, and a span may have stood in another tree when it came for the first time: its OTel trace tells more.
  const otelTraceId = there?.extra?.metadata?.OTEL_TRACE_ID;
  if (typeof otelTraceId === 'string') return !(await deps.courier.unpack(job.batch, content)).latin1Slice().includes(otelTraceId);
  return typeof there?.trace_id === 'string' && there.trace_id !== item.traceId;
}

interface StoredRun {
  readonly trace_id?: unknown;
  readonly extra?: { readonly metadata?: { readonly OTEL_TRACE_ID?: unknown } | null } | null;
}

function parsed(text: string): StoredRun | undefined {
  try {
    return JSON.parse(text) as StoredRun;
  } catch {
    return undefined;
  }
}
