/** How the gateway sends telemetry of its own: the exporters' options by the settings. */
import { readFileSync } from 'node:fs';
import type { OwnOtlp } from '../../config/own-otlp-schema.ts';
import { userAgent } from '../../exporters/user-agent.ts';

/** A gateway that stops does not wait longer for its own telemetry. */
export const lastPushMs = 2_000;

/** `path` is added to an endpoint that has none. */
export function endpointOf({ endpoint }: OwnOtlp, path: string): URL {
  const url = new URL(endpoint);
  if (url.pathname === '/') url.pathname = path;
  return url;
}

/** Reads the certificates. */
export function exporterOptions(otlp: OwnOtlp, endpoint: URL) {
  const { certificate, client_certificate, client_key, compression, timeout } = otlp;
  return {
    url: endpoint.href,
    headers: headersOf(otlp),
    timeoutMillis: timeout,
    compression: compression as never,
    userAgent,
    httpAgentOptions: {
      ...(certificate !== undefined && { ca: readFileSync(certificate) }),
      ...(client_certificate !== undefined && { cert: readFileSync(client_certificate) }),
      ...(client_key !== undefined && { key: readFileSync(client_key) }),
    },
  };
}

function headersOf({ headers, headers_list: list }: OwnOtlp): Record<string, string> {
  const all: Record<string, string> = Object.create(null);
  for (const pair of list.reveal().split(',')) {
    const equals = pair.indexOf('=');
    if (equals > 0) all[pair.slice(0, equals).trim().toLowerCase()] = pair.slice(equals + 1).trim();
  }
  for (const [name, value] of headers) all[name] = value.reveal();
  return all;
}

/** Of a push that failed, without the error's text: it may quote the answer. */
export function codeOf(error: Error): { readonly code?: string | number } {
  const { code } = error as { readonly code?: unknown };
  return typeof code === 'string' || typeof code === 'number' ? { code } : {};
}
