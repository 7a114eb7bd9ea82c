import type { IncomingHttpHeaders } from 'node:http';
import { Refusal } from './refusal.ts';

export interface AccessOptions {
  /** Keys that are accepted; every one if `undefined`. */
  readonly keys: readonly string[] | undefined;
  /** Whether a request must carry a key. Implied by `keys`. */
  readonly requireKey: boolean;
}

/** A key that may do nothing but exist: the sink has no accounts. */
export function keyOf(headers: IncomingHttpHeaders): string {
  const bearer = /^Bearer\s+(.+)$/i.exec(headers.authorization ?? '')?.[1];
  return textOf(headers['x-api-key']) || (bearer ?? '');
}

export function workspaceOf(headers: IncomingHttpHeaders): string {
  return textOf(headers['x-tenant-id']);
}

/** Throws the 401 that LangSmith gives for a key it does not know. */
export function checkAccess(apiKey: string, { keys, requireKey }: AccessOptions): void {
  const refused = keys === undefined ? requireKey && apiKey === '' : !keys.includes(apiKey);
  if (refused) throw new Refusal(401, { detail: 'Invalid token' });
}

function textOf(header: string | string[] | undefined): string {
  return (Array.isArray(header) ? header[0] : header) ?? '';
}
