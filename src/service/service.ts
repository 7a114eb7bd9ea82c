/**
 * The running gateway. Start: extensions, exporters, receivers. Stop: the other way round, so that nothing arrives any more before what holds it goes.
 *
 *   stopped ─start─► starting ─► ready ─stop─► stopping ─► stopped
 *
 * Health is ready only in `ready`. A start that fails takes down what it had started and rejects with the one fault.
 */
import type { ServiceConfig } from '../config/load.ts';
import type { HealthReport } from '../extensions/health-check.ts';
import type { Clock } from '../model/clock.ts';
import { Fault } from '../model/fault.ts';
import type { JournaledExporter, ListeningReceiver } from './factories.ts';
import { buildGraph, type Graph } from './graph.ts';
import type { Telemetry } from './telemetry/telemetry.ts';

export type ServiceState = 'stopped' | 'starting' | 'ready' | 'stopping';

/** What was started before something failed gets this long to stop. */
const startFailedGraceMs = 2_000;

interface Startable {
  start(): Promise<void>;
  stop(deadlineMs: number): Promise<void>;
}

export class Service {
  readonly #graph: Graph;
  readonly #telemetry: Telemetry;
  readonly #started: [id: string, component: Startable][] = [];
  #state: ServiceState = 'stopped';

  readonly #upSinceMs: number;

  constructor(config: ServiceConfig, telemetry: Telemetry, clock: Clock) {
    this.#telemetry = telemetry;
    this.#upSinceMs = clock.now();
    this.#graph = buildGraph(config, { observer: telemetry, clock, health: () => this.health() });
  }

  health(): HealthReport {
    return { ready: this.#state === 'ready', state: this.#state, upSinceMs: this.#upSinceMs, degraded: this.#telemetry.degradations() };
  }

  get state(): ServiceState {
    return this.#state;
  }

  get receivers(): ReadonlyMap<string, ListeningReceiver> {
    return this.#graph.receivers;
  }

  /** Exporters that keep a journal. */
  *journaled(): Iterable<[id: string, exporter: JournaledExporter]> {
    for (const [id, exporter] of this.#graph.exporters) if ('balance' in exporter) yield [id, exporter];
  }

  async start(): Promise<void> {
    this.#state = 'starting';
    const { extensions, exporters, receivers } = this.#graph;
    try {
      for (const [id, component] of [...extensions, ...exporters]) await this.#startOne(id, component);
      for (const [id, exporter] of this.journaled()) this.#watch(id, exporter);
      for (const [id, component] of receivers) await this.#startOne(id, component);
    } catch (error) {
      await this.stop(Date.now() + startFailedGraceMs);
      throw Fault.of(error);
    }
    this.#state = 'ready';
  }

  /** Stops everything that was started; never rejects. What a component could not do by the deadline is logged and given up. */
  async stop(deadlineMs: number): Promise<void> {
    this.#state = 'stopping';
    for (const [id, component] of this.#started.splice(0).reverse()) {
      try {
        await component.stop(deadlineMs);
      } catch (error) {
        this.#telemetry.log('error', 'a component did not stop cleanly', { component: id, reason: Fault.of(error).message });
      }
      this.#telemetry.metrics.watchExporter(id, undefined);
    }
    this.#state = 'stopped';
  }

  async #startOne(id: string, component: Startable): Promise<void> {
    this.#started.push([id, component]);
    await component.start();
  }

  #watch(id: string, exporter: JournaledExporter): void {
    this.#telemetry.metrics.watchExporter(id, () => {
      const { stored, delivered, deadLettered, waiting } = exporter.balance();
      const { bytes, bytesMax } = exporter.journal.stats();
      return { queueBytes: bytes, queueBytesMax: bytesMax, waiting, imbalance: stored - delivered - deadLettered - waiting };
    });
  }
}
