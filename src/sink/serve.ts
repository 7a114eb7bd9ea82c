import type { IncomingMessage, ServerResponse } from 'node:http';
import { type AccessOptions, checkAccess, keyOf, workspaceOf } from './access.ts';
import { decodeBody, readBody } from './body.ts';
import type { Handler, Progress, RawReply, Reply } from './exchange.ts';
import type { FaultRule, Faults, RequestHead } from './faults.ts';
import { Findings } from './findings.ts';
import { Refusal } from './refusal.ts';
import { send } from './send.ts';
import type { Store } from './store.ts';

export interface ServeOptions {
  readonly store: Store;
  readonly faults: Faults;
  readonly access: AccessOptions;
  /** Of a body, before and after decoding. */
  readonly bodyBytesMax: number;
  readonly log: (sentence: string, facts: Readonly<Record<string, unknown>>) => void;
}

/** How a request ends: with an answer, or by what a fault does to the connection. */
type Ending = { readonly reply: Reply | RawReply; readonly cut?: boolean } | 'gone' | 'reset' | 'close' | 'hang';

/** One request on its way through `work`. */
interface Call {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly params: Readonly<Record<string, string>>;
  readonly handler: Handler;
  readonly head: RequestHead;
  readonly query: URLSearchParams;
  readonly contentEncoding: string;
  readonly guarded: boolean;
  readonly findings: Findings;
  readonly progress: Progress;
}

/** Answers one request, whatever happens, and writes its entry and what was wrong with it before the answer goes out. */
export async function serve(
  request: IncomingMessage,
  response: ServerResponse,
  params: Readonly<Record<string, string>>,
  handler: Handler,
  options: ServeOptions,
  guarded: boolean,
): Promise<void> {
  const at = Date.now();
  const { pathname: path, searchParams: query } = new URL(request.url ?? '/', 'http://sink');
  const head: RequestHead = { path, apiKey: keyOf(request.headers), workspaceId: workspaceOf(request.headers) };
  const contentEncoding = (request.headers['content-encoding'] ?? '').trim().toLowerCase();
  const progress: Progress = { bytes: 0, decodedBytes: 0, runIds: [] };
  const findings = new Findings();
  const call: Call = { request, response, params, handler, head, query, contentEncoding, guarded, findings, progress };

  const ending = await work(call, options).catch((error: unknown): Ending => ({ reply: refusalOf(error, findings, options) }));
  const status = typeof ending === 'object' ? ending.reply.status : 0;
  for (const violation of findings.violations) options.store.recentViolations.add(violation);
  options.store.recentRequests.add({ method: request.method ?? '', ...head, status, contentEncoding, ...progress, at });
  if (typeof ending === 'object') send(response, ending.reply, ending.cut);
  else if (ending === 'close') request.socket.destroy();
  else if (ending === 'reset') request.socket.resetAndDestroy();
}

/** Faults that need no body, the body, faults that look into it, access, handler. */
async function work(call: Call, { faults, access, bodyBytesMax }: ServeOptions): Promise<Ending> {
  const { request, head, params, query, findings, progress } = call;
  const early = faults.take(head);
  const raw = await readBody(request, bodyBytesMax, early?.action.do === 'reset' ? (early.action.afterBytes ?? 1) : undefined);
  if (raw === undefined) return 'gone';
  progress.bytes = raw.length;
  const body = decodeBody(raw, call.contentEncoding, bodyBytesMax);
  progress.decodedBytes = body.length;
  const fault = early ?? faults.take(head, body);
  if (fault?.delayMs !== undefined) await new Promise((resolve) => setTimeout(resolve, fault.delayMs));
  const instead = fault && endingInstead(fault, call.response);
  if (instead !== undefined) return instead;
  if (call.guarded) checkAccess(head.apiKey, access);
  const { apiKey, workspaceId } = head;
  const reply = call.handler({ params, query, headers: request.headers, body, apiKey, workspaceId, findings, progress });
  return fault?.action.do === 'lose_reply' ? 'close' : { reply, cut: fault?.action.do === 'cut_reply' };
}

/** How a rule ends a request before its handler has seen it; `undefined` if it lets it through. */
function endingInstead({ action }: FaultRule, response: ServerResponse): Ending | undefined {
  switch (action.do) {
    case 'status':
      if (action.retryAfter !== undefined) response.setHeader('retry-after', action.retryAfter);
      return { reply: { status: action.status, body: action.body ?? { error: `injected status ${action.status}` } } };
    case 'reset':
      return 'reset';
    case 'hang':
      return 'hang';
    case 'lose_reply':
    case 'cut_reply':
    case 'delay':
      return undefined;
  }
}

function refusalOf(error: unknown, findings: Findings, { log }: ServeOptions): Refusal {
  if (!(error instanceof Refusal)) {
    log('A request failed.', { error: error instanceof Error ? error.message : String(error) });
    return new Refusal(500, { error: 'Internal server error' });
  }
  if (error.rule > 0 && error !== findings.refusal) findings.refused(error);
  return error;
}
