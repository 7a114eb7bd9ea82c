/**
 * `health_check`: tells orchestrators whether to send traffic (`/`, 200 or 503) and operators why not (`/status`, in words).
 * Liveness (`/live`) says only that the process answers. No authentication, no payload, no secrets.
 * Source of settings and shapes: the Collector's healthcheckextension and healthcheckv2extension.
 */
import { z } from 'zod';
import { duration, endpoint, hostAndPort } from '../config/fields.ts';
import type { Deps, Extension } from '../model/component.ts';
import { type Page, type Pages, startAdminServer } from './admin-server.ts';
import type { HealthReport } from './health-report.ts';
import { described, statusOf } from './health-status.ts';

export type { HealthReport, Trouble } from './health-report.ts';

export interface HealthDeps extends Deps {
  /** Of the gateway: of all its workers, if there are some. */
  health(): HealthReport | Promise<HealthReport>;
}

const path = z.string().startsWith('/');

const schema = z.strictObject({
  endpoint: endpoint.default('localhost:13133').describe('Where to listen.'),
  path: path.default('/').describe('Path of the readiness check.'),
  response_body: z
    .strictObject({
      healthy: z.string().optional().describe('Body of the readiness check while ready.'),
      unhealthy: z.string().optional().describe('Body of the readiness check otherwise.'),
    })
    .prefault({})
    .describe('Instead of the JSON that says why.'),
  use_v2: z.boolean().optional().describe('Without effect: both shapes are served.'),
  http: z
    .strictObject({
      endpoint: endpoint.optional().describe('Where to listen; wins over `endpoint`.'),
      status: z
        .strictObject({
          enabled: z.boolean().default(true).describe('Off: there is no status page.'),
          path: path
            .default('/status')
            .describe('Path of the status page; `?pipeline=traces` asks for one pipeline, `?verbose` for each component.'),
        })
        .prefault({}),
      config: z
        .strictObject({
          enabled: z.literal(false).default(false).describe('The configuration is not shown here: `spanway print-config` does.'),
          path: path.default('/config').describe('Without effect.'),
        })
        .prefault({}),
    })
    .prefault({}),
  component_health: z
    .strictObject({
      include_permanent_errors: z.boolean().default(false).describe('Without effect: no trouble here is for ever.'),
      include_recoverable_errors: z.boolean().default(false).describe('On: trouble that lasts makes the status page answer 500.'),
      recovery_duration: duration.prefault('5m').describe('How long it may last.'),
    })
    .prefault({}),
  check_collector_pipeline: z.unknown().optional().describe('Without effect, as in the Collector.'),
});

type Settings = z.output<typeof schema>;

export const healthCheck = {
  kind: 'extension',
  type: 'health_check',
  aliases: ['healthcheckv2'],
  summary: 'Readiness, liveness and a status page for orchestrators and operators.',
  signals: [],
  stability: 'beta',
  schema,
  create: (config: unknown, deps: HealthDeps): Extension => {
    const settings = config as Settings;
    let server: Awaited<ReturnType<typeof startAdminServer>> | undefined;
    return {
      start: async () => {
        const { host, port } = hostAndPort(settings.http.endpoint ?? settings.endpoint);
        server = await startAdminServer(`"${deps.id}" extension`, host, port, pagesOf(settings, deps));
      },
      stop: async () => server?.close(),
    };
  },
} as const;

function pagesOf({ path, response_body, http, component_health }: Settings, { health, clock }: HealthDeps): Pages {
  const recoveryMs = component_health.include_recoverable_errors ? component_health.recovery_duration : undefined;
  const pages = new Map<string, (query: URLSearchParams) => Promise<Page> | Page>([
    [path, async () => readiness(await health(), response_body, clock.now())],
    ['/live', () => json(200, { status: 'alive' })],
  ]);
  if (http.status.enabled)
    pages.set(http.status.path, async (query) => {
      const verbose = query.has('verbose') && query.get('verbose') !== 'false';
      const { code, body } = statusOf(await health(), {
        pipeline: query.get('pipeline') ?? undefined,
        verbose,
        recoveryMs,
        nowMs: clock.now(),
      });
      return json(code, body);
    });
  return pages;
}

function readiness({ ready, state, upSinceMs, degraded }: HealthReport, bodies: Settings['response_body'], nowMs: number): Page {
  const told = ready ? bodies.healthy : bodies.unhealthy;
  if (told !== undefined) return { status: ready ? 200 : 503, contentType: 'text/plain', body: told };
  if (ready)
    return json(200, {
      status: 'Server available',
      upSince: new Date(upSinceMs).toISOString(),
      uptime: `${(nowMs - upSinceMs) / 1_000}s`,
    });
  return json(503, {
    status: 'Server not available',
    state,
    degraded: Object.fromEntries([...degraded].map(([key, trouble]) => [key, described(trouble)])),
  });
}

function json(code: number, body: unknown): Page {
  return { status: code, contentType: 'application/json', body: `${JSON.stringify(body)}\n` };
}
