/** A gateway in this process: telemetry, the metrics page, and the service. What `spanway run` and the tests start. */
import type { ServiceConfig } from '../config/load.ts';
import { startAdminServer } from '../extensions/admin-server.ts';
import type { Clock } from '../model/clock.ts';
import { systemClock } from './clock.ts';
import { Service } from './service.ts';
import { createLogger } from './telemetry/logger.ts';
import { Metrics } from './telemetry/metrics.ts';
import type { Emit } from './telemetry/summary.ts';
import { Telemetry } from './telemetry/telemetry.ts';

export interface Gateway {
  readonly service: Service;
  readonly telemetry: Telemetry;
  /** Port of the metrics page; `undefined` if it is off. */
  readonly metricsPort: number | undefined;
  /** Stops within `graceMs`; never rejects. */
  stop(graceMs: number): Promise<void>;
}

export interface GatewayOptions {
  readonly clock?: Clock;
  /** Takes the log lines instead of stderr. */
  readonly emit?: Emit;
}

const flushIntervalMs = 1_000;

/** Rejects with the `Fault` that kept it from starting; nothing is left running then. */
export async function startGateway(config: ServiceConfig, options: GatewayOptions = {}): Promise<Gateway> {
  const clock = options.clock ?? systemClock;
  const { logs, metrics: metricsConfig } = config.service.telemetry;
  const telemetry = new Telemetry(new Metrics(clock.now(), clock.now), options.emit ?? emitter(logs), clock.now);
  telemetry.log('info', 'Starting spanway...');
  const service = new Service(config, telemetry, clock);
  await service.start();
  const prometheus = metricsConfig.level === 'none' ? undefined : metricsConfig.prometheus;
  const pages = new Map([
    [
      '/metrics',
      async () => ({ status: 200, contentType: 'text/plain; version=0.0.4; charset=utf-8', body: await telemetry.metrics.text() }),
    ],
  ]);
  let server: Awaited<ReturnType<typeof startAdminServer>> | undefined;
  try {
    server = prometheus ? await startAdminServer('the metrics page', prometheus.host, prometheus.port, pages) : undefined;
  } catch (fault) {
    await service.stop(clock.now());
    throw fault;
  }
  const flushing = setInterval(() => telemetry.flush(false), flushIntervalMs);
  flushing.unref();
  for (const [id, receiver] of service.receivers) {
    for (const [protocol, { host, port }] of Object.entries(receiver.addresses()))
      telemetry.log('info', 'listening', { receiver: id, protocol, address: `${host}:${port}` });
  }
  telemetry.log('info', 'Everything is ready. Begin running and processing data.');
  return {
    service,
    telemetry,
    metricsPort: server?.port,
    stop: async (graceMs) => {
      telemetry.log('info', 'Starting shutdown...');
      await service.stop(Date.now() + graceMs);
      await server?.close();
      clearInterval(flushing);
      telemetry.log('info', 'Shutdown complete.');
      telemetry.flush(true);
    },
  };
}

function emitter(config: Parameters<typeof createLogger>[0]): Emit {
  const logger = createLogger(config);
  return (level, sentence, facts) => logger[level](facts, sentence);
}
