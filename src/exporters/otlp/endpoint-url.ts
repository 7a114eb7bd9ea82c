import type { Signal } from '../../model/batch.ts';
import type { HttpSettings } from './settings.ts';

const paths: Readonly<Record<Signal, string>> = { traces: '/v1/traces', logs: '/v1/logs' };
const doubled = /(?:\/v1\/(?:traces|logs))+$/;

/**
 * Where a signal goes; `undefined` if no endpoint is for it. `endpoint` is a base that `/v1/<signal>` is appended to, but it is often written with the
 * path (LangSmith's published example is), and then it must not be doubled (collector §9.1).
 */
export function signalUrl(settings: HttpSettings, signal: Signal): URL | undefined {
  const given = signal === 'traces' ? settings.traces_endpoint : settings.logs_endpoint;
  if (given !== undefined) return new URL(given);
  if (settings.endpoint === undefined) return undefined;
  const url = new URL(settings.endpoint);
  url.pathname = base(url.pathname) + paths[signal];
  return url;
}

/** Whether `endpoint` names a signal's path, which an operator should correct. */
export function namesSignal({ endpoint }: HttpSettings): boolean {
  return endpoint !== undefined && doubled.test(trimmed(new URL(endpoint).pathname));
}

function base(path: string): string {
  return trimmed(trimmed(path).replace(doubled, ''));
}

function trimmed(path: string): string {
  return path.replace(/\/+$/, '');
}
