import { dottedSegment } from '../model/time.ts';
import { microsOf } from './dotted-order.ts';
import { type Exchange, param, type Reply, type Route } from './exchange.ts';
import { type IngestOptions, ingest, type Sender } from './ingest.ts';
import { boundaryOf } from './multipart.ts';
import { operationOf, parseObject, readBatch } from './read-batch.ts';
import { countMultipart, readMultipart } from './read-multipart.ts';
import { Refusal } from './refusal.ts';
import { Rule } from './rules.ts';
import type { Store } from './store.ts';
import type { Tenant } from './tenant.ts';
import type { Fields, Upload } from './upload.ts';
import { isUuid } from './uuid.ts';

const accepted: Reply = { status: 202, body: {} };

/** The four ways in which runs come. */
export function ingestRoutes(store: Store, options: IngestOptions): readonly Route[] {
  const take = (exchange: Exchange, upload: Upload): Reply => {
    exchange.progress.runIds = upload.runs.map(({ id }) => id);
    ingest(upload, exchange.body.length, senderOf(exchange, store), store, options, exchange.findings);
    return accepted;
  };
  return [
    ['post', '/runs/multipart', (exchange) => take(exchange, readMultipart(exchange.body, multipartBoundary(exchange), exchange.findings))],
    ['post', '/runs/batch', (exchange) => take(exchange, readBatch(exchange.body))],
    [
      'post',
      '/runs',
      (exchange) => {
        const fields = withIdentity(parseObject(exchange.body), senderOf(exchange, store).tenant);
        return take(exchange, { runs: [operationOf('post', String(fields.id), fields, exchange.body.length)], feedback: [] });
      },
    ],
    [
      'patch',
      '/runs/:id',
      (exchange) => {
        const known = senderOf(exchange, store).tenant.runs.get(param(exchange, 'id'));
        if (known === undefined) throw Refusal.notFound('Run');
        const identity = {
          id: known.id,
          trace_id: known.traceId,
          dotted_order: known.dottedOrder,
          parent_run_id: known.parentRunId || null,
        };
        const fields = { ...identity, ...parseObject(exchange.body), id: known.id };
        return take(exchange, { runs: [operationOf('patch', known.id, fields, exchange.body.length)], feedback: [] });
      },
    ],
  ];
}

/** For benches: the same paths, where a body only has to be well formed; runs are counted and forgotten. */
export function countingRoutes(store: Store): readonly Route[] {
  return [
    [
      'post',
      '/runs/multipart',
      (exchange) => {
        const { posts, patches } = countMultipart(exchange.body, multipartBoundary(exchange));
        store.count(posts, patches);
        return accepted;
      },
    ],
    [
      'post',
      '/runs/batch',
      (exchange) => {
        const { runs } = readBatch(exchange.body);
        const posts = runs.filter(({ kind }) => kind === 'post').length;
        store.count(posts, runs.length - posts);
        return accepted;
      },
    ],
  ];
}

function senderOf({ apiKey, workspaceId }: Exchange, store: Store): Sender {
  return { tenant: store.tenantOf(apiKey, workspaceId), apiKey, workspaceId };
}

function multipartBoundary({ headers }: Exchange): string {
  const boundary = boundaryOf(headers['content-type'] ?? '');
  if (boundary === '')
    throw Refusal.unprocessable(Rule.framing, 'error reading multipart data: no multipart boundary param in Content-Type');
  return boundary;
}

/** `POST /runs` takes a run that does not know its place; LangSmith then works it out from the parent. */
function withIdentity(fields: Fields, tenant: Tenant): Fields {
  const { id, start_time: startTime, parent_run_id: parentId } = fields;
  if (!isUuid(id)) throw Refusal.unprocessable(Rule.partName, 'id: not a UUID');
  if (fields.trace_id != null && fields.dotted_order != null) return fields;
  const parent = typeof parentId === 'string' ? tenant.runs.get(parentId) : undefined;
  const micros = Math.max(microsOf(startTime) ?? 0, parent?.startMicros ?? 0);
  const segment = dottedSegment(micros, id);
  const place =
    parent === undefined
      ? { trace_id: id, dotted_order: segment }
      : { trace_id: parent.traceId, dotted_order: `${parent.dottedOrder}.${segment}` };
  // A parent that is not there cannot be followed: the run stands alone.
  return { ...fields, ...place, parent_run_id: parent?.id ?? null };
}
