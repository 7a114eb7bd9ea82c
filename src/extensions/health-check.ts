/**
 * `health_check`: tells orchestrators whether to send traffic (`/`, 200 or 503) and operators why not (`/status`).
 * Liveness (`/live`) says only that the process answers. No authentication, no payload, no secrets.
 * Source of the shapes: the Collector's healthcheckextension and healthcheckv2extension.
 */
import { z } from 'zod';
import { endpoint, hostAndPort } from '../config/fields.ts';
import type { Deps, Extension } from '../model/component.ts';
import { type Page, startAdminServer } from './admin-server.ts';

export interface HealthReport {
  readonly ready: boolean;
  /** `starting`, `ready`, `stopping`, `stopped`. */
  readonly state: string;
  readonly upSinceMs: number;
  /** States that an operator should know of, by component. They do not take readiness away: data is still taken and kept. */
  readonly degraded: ReadonlyMap<
    string,
    { readonly sentence: string; readonly facts: Readonly<Record<string, string | number>>; readonly sinceMs: number }
  >;
}

export interface HealthDeps extends Deps {
  health(): HealthReport;
}

const schema = z.strictObject({
  endpoint: endpoint.default('localhost:13133').describe('Where to listen.'),
  path: z.string().startsWith('/').default('/').describe('Path of the readiness check.'),
});

export const healthCheck = {
  kind: 'extension',
  type: 'health_check',
  aliases: ['healthcheckv2'],
  summary: 'Readiness, liveness and a status page for orchestrators and operators.',
  signals: [],
  stability: 'beta',
  schema,
  create: (config: unknown, deps: HealthDeps): Extension => {
    const settings = config as z.output<typeof schema>;
    const pages = new Map<string, () => Page>([
      [settings.path, () => readiness(deps.health())],
      ['/live', () => json(200, { status: 'alive' })],
      ['/status', () => status(deps.health())],
    ]);
    let server: Awaited<ReturnType<typeof startAdminServer>> | undefined;
    return {
      start: async () => {
        const { host, port } = hostAndPort(settings.endpoint);
        server = await startAdminServer(`"${deps.id}" extension`, host, port, pages);
      },
      stop: async () => server?.close(),
    };
  },
} as const;

function readiness({ ready, upSinceMs }: HealthReport): Page {
  if (!ready) return json(503, { status: 'Server not available' });
  return json(200, {
    status: 'Server available',
    upSince: new Date(upSinceMs).toISOString(),
    uptime: `${(Date.now() - upSinceMs) / 1_000}s`,
  });
}

function status({ ready, state, degraded }: HealthReport): Page {
  const components = Object.fromEntries(
    [...degraded].map(([id, { sentence, facts, sinceMs }]) => [
      id,
      { status: 'StatusRecoverableError', error: sentence, facts, since: new Date(sinceMs).toISOString() },
    ]),
  );
  return json(ready ? 200 : 503, { healthy: ready && degraded.size === 0, state, components });
}

function json(code: number, body: unknown): Page {
  return { status: code, contentType: 'application/json', body: `${JSON.stringify(body)}\n` };
}
