import type { IncomingHttpHeaders } from 'node:http';
import type { Findings } from './findings.ts';
import { Refusal } from './refusal.ts';
import type { Store } from './store.ts';
import type { Tenant } from './tenant.ts';

/** A request whose body is there and decoded, and whose sender is known. */
export interface Exchange {
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  /** '' where the request carried none. */
  readonly apiKey: string;
  readonly workspaceId: string;
  /** What is wrong with it, filled by whoever looks. */
  readonly findings: Findings;
  readonly progress: Progress;
}

/** What the list of requests tells of one, filled while it is worked on. */
export interface Progress {
  /** Of the body as it came, and decoded. */
  bytes: number;
  decodedBytes: number;
  runIds: readonly string[];
}

export interface Reply {
  readonly status: number;
  readonly body: unknown;
}

/** Bytes instead of JSON, as of an attachment. */
export interface RawReply {
  readonly status: number;
  readonly contentType: string;
  readonly content: Buffer;
}

export type Handler = (exchange: Exchange) => Reply | RawReply;
export type Method = 'get' | 'post' | 'patch' | 'delete';
export type Route = readonly [method: Method, path: string, handler: Handler];

export function ok(body: unknown): Reply {
  return { status: 200, body };
}

/** Workspaces that a request may see: its own; all of them without a key, which is how the page reads. */
export function visibleTenants({ apiKey, workspaceId }: Exchange, store: Store): Iterable<Tenant> {
  return apiKey === '' && workspaceId === '' ? store.tenants : [store.tenantOf(apiKey, workspaceId)];
}

/** The first thing that a visible workspace has, or a 404. */
export function findVisible<Thing>(
  exchange: Exchange,
  store: Store,
  what: string,
  find: (tenant: Tenant) => Thing | undefined,
): [Tenant, Thing] {
  for (const tenant of visibleTenants(exchange, store)) {
    const thing = find(tenant);
    if (thing !== undefined) return [tenant, thing];
  }
  throw Refusal.notFound(what);
}

export function param(exchange: Exchange, name: string): string {
  return exchange.params[name] ?? '';
}

/** A whole number of the query, within bounds. */
export function numberOf(query: URLSearchParams, name: string, fallback: number, max: number): number {
  const value = Number(query.get(name) ?? fallback);
  return Number.isInteger(value) && value >= 0 ? Math.min(value, max) : fallback;
}
