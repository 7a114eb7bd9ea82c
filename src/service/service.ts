/**
 * The running gateway: one graph, and how it starts, changes and stops. It stops the other way round than it starts, so that nothing arrives any more
 * before what holds it goes.
 *
 *   stopped ─start─► starting ─► ready ─stop─► stopping ─► stopped
 *                                 └reload┘ (stays ready)
 *
 * Health is ready only in `ready`. A start that fails takes down what it had started; a reload that fails leaves the former graph running. Both
 * reject with the one fault.
 */
import { randomBytes } from 'node:crypto';
import type { ServiceConfig } from '../config/load.ts';
import { leadsTo } from '../config/own-receiver.ts';
import type { HealthReport, Trouble } from '../extensions/health-report.ts';
import { componentOf } from '../extensions/health-status.ts';
import type { Journal } from '../journal/journal.ts';
import { MemoryStorage } from '../journal/memory/memory-storage.ts';
import type { Clock } from '../model/clock.ts';
import { Fault } from '../model/fault.ts';
import type { JournaledExporter, ListeningReceiver } from './factories.ts';
import { buildGraph, emptyGraph, type Graph, type GraphDeps } from './graph.ts';
import { componentIds, journalsAccept, pipelinesOf } from './health.ts';
import { httpPost } from './http-post.ts';
import { watchJournals } from './journal-watch.ts';
import { collectGarbage, memoryUse } from './memory-use.ts';
import { MetricsPage } from './metrics-page.ts';
import { resourceOf } from './telemetry/resource.ts';
import type { Telemetry } from './telemetry/telemetry.ts';
import { metricsPageId } from './telemetry-parts.ts';
import type { WhyReport } from './trail/report.ts';
import { why } from './trail/why.ts';
import { answerOf, askOtherWorkers } from './trail/worker-trails.ts';
import { stopPart, Transition, within } from './transition.ts';

export type ServiceState = 'stopped' | 'starting' | 'ready' | 'stopping';

/** The configuration that was last loaded does not run. */
interface Refusal {
  readonly problems: number;
  readonly sinceMs: number;
}

export class Service {
  readonly #telemetry: Telemetry;
  readonly #clock: Clock;
  readonly #deps: GraphDeps;
  readonly #upSinceMs: number;
  #graph: Graph = emptyGraph;
  #pipelines: HealthReport['pipelines'] = new Map();
  #state: ServiceState = 'stopped';
  #changing: Promise<void> = Promise.resolve();
  #refusal: Refusal | undefined;

  constructor(telemetry: Telemetry, clock: Clock) {
    this.#telemetry = telemetry;
    this.#clock = clock;
    this.#upSinceMs = clock.now();
    this.#deps = {
      observer: telemetry,
      clock,
      health: () => this.health(),
      startedAtMs: this.#upSinceMs,
      metrics: () => telemetry.metrics.data(),
      keepTrail: (rows) => telemetry.trail.keep(rows),
      why: (id) => this.why(id),
      isOwn: (endpoint) => this.#listensOn(endpoint),
      ownSpans: telemetry.ownSpans,
      memory: memoryUse,
      collectGarbage,
      memoryStorage: new MemoryStorage({ clock }),
      random: (length) => randomBytes(length),
      post: httpPost,
    };
    telemetry.metrics.watchGateway(() => ({ ready: this.health().ready, degraded: this.#degradedComponents() }));
  }

  health(): HealthReport {
    const degraded = new Map<string, Trouble>(this.#telemetry.degradations());
    if (this.#refusal) {
      const { problems, sinceMs } = this.#refusal;
      degraded.set('service::reload', {
        sentence: 'The configuration that was last loaded was refused; the one before it runs.',
        facts: { problems },
        sinceMs,
      });
    }
    return {
      ready: this.#state === 'ready' && journalsAccept(this.#graph, degraded),
      state: this.#state,
      upSinceMs: this.#upSinceMs,
      degraded,
      extensions: [...this.#graph.extensions.keys()],
      pipelines: this.#pipelines,
    };
  }

  /** Looks at what tells nobody by itself. Called every second. */
  look(): void {
    if (this.#state === 'ready') watchJournals(this.journaled(), this.#telemetry);
  }

  /** The fate of each span of a trace. Rejects with `GW_CONFIG_INVALID` if the id is none. */
  why(id: string): Promise<WhyReport> {
    return why(id, {
      trails: async (question) => [answerOf(this.#telemetry.trail, question), ...(await askOtherWorkers(question))],
      journals: () => this.#assembling(),
      degraded: () => [...this.health().degraded].map(([component, { sentence }]) => `${component}: ${sentence}`),
    });
  }

  *#assembling(): Iterable<[exporter: string, journal: Journal]> {
    for (const [id, part] of this.#graph.exporters)
      if (part.origin.type === 'langsmith' && 'journal' in part.component) yield [id, part.component.journal];
  }

  get state(): ServiceState {
    return this.#state;
  }

  get receivers(): ReadonlyMap<string, ListeningReceiver> {
    return new Map([...this.#graph.inlets].map(([id, { part }]) => [id, part.component]));
  }

  /** Exporters that keep a journal. */
  *journaled(): Iterable<[id: string, exporter: JournaledExporter]> {
    for (const [id, { component }] of this.#graph.exporters) if ('balance' in component) yield [id, component];
  }

  /** Port of the metrics page; `undefined` if it is off. */
  get metricsPort(): number | undefined {
    const page = this.#graph.extensions.get(metricsPageId)?.component;
    return page instanceof MetricsPage ? page.port : undefined;
  }

  async start(config: ServiceConfig): Promise<void> {
    this.#state = 'starting';
    try {
      await this.#transit(emptyGraph, config);
    } catch (error) {
      this.#state = 'stopped';
      throw Fault.of(error);
    }
    this.#state = 'ready';
  }

  /** Makes another configuration the running one. Resolves when nothing of the former one runs any more. Calls wait for each other. */
  reload(config: ServiceConfig): Promise<void> {
    const turn = this.#changing.then(() => this.#reload(config));
    this.#changing = turn.catch(() => {});
    return turn;
  }

  /** The configuration that was last loaded does not run: an operator should know, until one does. */
  refused(problems: number): void {
    this.#refusal = { problems, sinceMs: this.#clock.now() };
  }

  /** Stops everything that was started; never rejects. What a component could not do by the deadline is logged and given up. */
  async stop(deadlineMs: number): Promise<void> {
    this.#state = 'stopping';
    await within(deadlineMs - this.#clock.now(), this.#changing, this.#clock);
    const { extensions, exporters, inlets } = this.#graph;
    const started = [...extensions.values(), ...exporters.values(), ...[...inlets.values()].map(({ part }) => part)];
    for (const part of started.reverse()) {
      await stopPart(part, deadlineMs, this.#telemetry);
      this.#telemetry.metrics.watchExporter(part.id, undefined);
    }
    this.#graph = emptyGraph;
    this.#state = 'stopped';
  }

  async #reload(config: ServiceConfig): Promise<void> {
    if (this.#state !== 'ready') throw new Fault('GW_START_FAILED', `cannot reload the configuration: the gateway is ${this.#state}`);
    await this.#transit(this.#graph, config);
    this.#refusal = undefined;
  }

  async #transit(former: Graph, config: ServiceConfig): Promise<void> {
    const next = buildGraph(config, this.#deps, former);
    const transition = new Transition(former, next, this.#clock, this.#telemetry);
    await transition.begin();
    this.#graph = next;
    this.#pipelines = pipelinesOf(config);
    this.#telemetry.metrics.describe(resourceOf(config));
    const switched = Promise.all([...next.inlets.values()].map(({ junction, route }) => junction.switchTo(route)));
    this.#watch(former);
    this.#announce(former);
    await transition.finish(switched);
  }

  #watch(former: Graph): void {
    const { metrics } = this.#telemetry;
    for (const id of former.exporters.keys()) metrics.watchExporter(id, undefined);
    for (const [id, exporter] of this.journaled()) {
      metrics.watchExporter(id, () => {
        const { stored, delivered, deadLettered, waiting } = exporter.balance();
        const { partitions } = exporter.journal;
        const { bytes: queueBytes, bytesMax: queueBytesMax, partitionsOwned, damaged } = exporter.journal.stats();
        const imbalance = stored - delivered - deadLettered - waiting;
        return { queueBytes, queueBytesMax, waiting, imbalance, partitions, partitionsOwned, damaged, backlog: exporter.backlog?.() };
      });
    }
  }

  #announce(former: Graph): void {
    for (const [id, { part }] of this.#graph.inlets) {
      if (former.inlets.get(id)?.part === part) continue;
      for (const [protocol, { host, port }] of Object.entries(part.component.addresses()))
        this.#telemetry.log('info', 'listening', { receiver: id, protocol, address: `${host}:${port}` });
    }
  }

  #degradedComponents(): ReadonlyMap<string, number> {
    const { degraded, pipelines } = this.health();
    const ids = componentIds(this.#graph, pipelines);
    const counts = new Map<string, number>();
    for (const key of degraded.keys()) {
      const component = componentOf(key, ids);
      counts.set(component, (counts.get(component) ?? 0) + 1);
    }
    return counts;
  }

  #listensOn(endpoint: URL): boolean {
    const addresses = [...this.receivers.values()].flatMap((receiver) => Object.values(receiver.addresses()));
    return addresses.some((address) => leadsTo(endpoint, address));
  }
}
