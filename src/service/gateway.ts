/** A gateway in this process: telemetry and the service. What `spanway run` and the tests start. */
import type { ServiceConfig } from '../config/load.ts';
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
  /** Makes another configuration the running one; when it rejects, with a `Fault`, the former one runs on. Calls wait for each other. */
  reload(config: ServiceConfig): Promise<void>;
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
  let emit = options.emit ?? emitter(config);
  const telemetry = new Telemetry(new Metrics(clock.now(), clock.now), (...line) => emit(...line), clock.now);
  telemetry.log('info', 'Starting spanway...');
  const service = new Service(telemetry, clock);
  await service.start(config);
  const flushing = setInterval(() => telemetry.flush(false), flushIntervalMs);
  flushing.unref();
  telemetry.log('info', 'Everything is ready. Begin running and processing data.');
  return {
    service,
    telemetry,
    get metricsPort() {
      return service.metricsPort;
    },
    reload: async (next) => {
      await service.reload(next);
      emit = options.emit ?? emitter(next);
    },
    stop: async (graceMs) => {
      telemetry.log('info', 'Starting shutdown...');
      await service.stop(clock.now() + graceMs);
      clearInterval(flushing);
      telemetry.log('info', 'Shutdown complete.');
      telemetry.flush(true);
    },
  };
}

function emitter({ service }: ServiceConfig): Emit {
  const logger = createLogger(service.telemetry.logs);
  return (level, sentence, facts) => logger[level](facts, sentence);
}
