/** A gateway in this process: telemetry and the service. What `spanway run` and the tests start. */
import cluster from 'node:cluster';
import type { ServiceConfig } from '../config/load.ts';
import type { Clock } from '../model/clock.ts';
import { systemClock } from './clock.ts';
import { Service } from './service.ts';
import { createLogger } from './telemetry/logger.ts';
import { watchLoopDelay } from './telemetry/loop-delay.ts';
import { Metrics } from './telemetry/metrics.ts';
import type { Emit } from './telemetry/summary.ts';
import { Telemetry } from './telemetry/telemetry.ts';
import { workerConfig } from './worker-pages.ts';

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

const lookIntervalMs = 1_000;

/** In a worker, the supervisor serves the pages. */
const ownPart = (config: ServiceConfig): ServiceConfig => (cluster.isWorker ? workerConfig(config) : config);

/** Rejects with the `Fault` that kept it from starting; nothing is left running then. */
export async function startGateway(config: ServiceConfig, options: GatewayOptions = {}): Promise<Gateway> {
  const clock = options.clock ?? systemClock;
  let emit = options.emit ?? emitter(config);
  const telemetry = new Telemetry(new Metrics(clock.now(), clock.now), (...line) => emit(...line), clock.now);
  telemetry.sample(config.service.telemetry.logs.sampling);
  telemetry.log('info', 'Starting spanway...');
  const service = new Service(telemetry, clock);
  await service.start(ownPart(config));
  const looking = setInterval(() => {
    service.look();
    telemetry.flush(false);
  }, lookIntervalMs);
  looking.unref();
  const endLoopWatch = watchLoopDelay((seconds) => telemetry.metrics.observe('loopDelay', {}, seconds));
  telemetry.log('info', 'Everything is ready. Begin running and processing data.');
  return {
    service,
    telemetry,
    get metricsPort() {
      return service.metricsPort;
    },
    reload: async (next) => {
      await service.reload(ownPart(next));
      emit = options.emit ?? emitter(next);
      telemetry.sample(next.service.telemetry.logs.sampling);
    },
    stop: async (graceMs) => {
      telemetry.log('info', 'Starting shutdown...');
      await service.stop(clock.now() + graceMs);
      clearInterval(looking);
      endLoopWatch();
      telemetry.log('info', 'Shutdown complete.');
      telemetry.flush(true);
    },
  };
}

function emitter({ service }: ServiceConfig): Emit {
  const logger = createLogger(service.telemetry.logs);
  return (level, sentence, facts) => logger[level](facts, sentence);
}
