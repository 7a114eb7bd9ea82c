import { Fault } from '../../../model/fault.ts';

/** What people paste behind the base: the OTLP paths of LangSmith and the ingestion paths themselves. */
const pastedPath = /\/(?:otel(?:\/v1(?:\/traces)?)*|runs(?:\/(?:batch|multipart))?|info)$/;

/**
 * The base URL that `/runs/multipart` and `/info` are appended to: no trailing slash, no `/otel…`, no query. `/api/v1` stays where the user wrote
 * it, because a self-hosted LangSmith answers only behind it, while the hosted one answers with and without (langsmith-ingest §1.1).
 * Throws `GW_CONFIG_INVALID` if the text is no http(s) URL.
 */
export function normalizeEndpoint(text: string): string {
  let url: URL;
  try {
    url = new URL(text.trim());
  } catch {
    throw invalid('it is not a URL');
  }
  if (url.protocol !== 'https:' && url.protocol !== 'http:') throw invalid('it must begin with https:// or http://');
  if (url.username !== '' || url.password !== '') throw invalid('it must not hold a user name or password');
  let path = withoutSlashes(url.pathname);
  while (pastedPath.test(path)) path = withoutSlashes(path.replace(pastedPath, ''));
  return url.origin + path;
}

function withoutSlashes(path: string): string {
  return path.replace(/\/{2,}/g, '/').replace(/\/$/, '');
}

function invalid(reason: string): Fault {
  return new Fault('GW_CONFIG_INVALID', `cannot use endpoint: ${reason}`, { hint: 'write for example "https://api.smith.langchain.com"' });
}
