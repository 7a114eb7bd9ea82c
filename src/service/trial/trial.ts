/**
 * A configuration tried out: its pipelines as they are, with an open end in place of each receiver, and a collector in place of each exporter.
 * Nothing is started, nothing is sent, and nothing depends on the day: time, memory and randomness stand still. Read this file first; `cases.ts`
 * makes tests of it.
 */
import type { ComponentConfig, ServiceConfig } from '../../config/load.ts';
import { createConverter } from '../../exporters/langsmith/convert/convert.ts';
import { isPlaceholder } from '../../exporters/langsmith/convert/placeholder.ts';
import { runJson } from '../../exporters/langsmith/convert/run-json.ts';
import { projectFrom } from '../../exporters/langsmith/destinations/destinations.ts';
import { convertOptionsOf } from '../../exporters/langsmith/exporter.ts';
import type { Settings } from '../../exporters/langsmith/settings.ts';
import { unjournaled } from '../../journal/unjournaled.ts';
import { type Batch, itemCount, type Traces } from '../../model/batch.ts';
import type { Clock } from '../../model/clock.ts';
import type { Consume } from '../../model/component.ts';
import { Fault } from '../../model/fault.ts';
import type { Observer } from '../../model/observer.ts';
import { logsJson, tracesJson } from '../../otlp/otlp.ts';
import { silentDeps } from '../dry-run.ts';
import type { ExporterFactory, ReceiverDeps, ReceiverFactory } from '../factories.ts';
import { buildGraph } from '../graph.ts';

export type Json = Readonly<Record<string, unknown>>;

/** What came to one exporter. */
export interface Collected {
  /** The runs that a `langsmith` exporter makes of it, each as if it came alone; `undefined` for other exporters. */
  readonly runs: Json[] | undefined;
  /** Spans and log records as OTLP/JSON. */
  readonly resourceSpans: unknown[];
  readonly resourceLogs: unknown[];
}

const nowMs = Date.UTC(2026, 0, 1);
const frozen: Clock = { now: () => nowMs, sleep: async () => {} };

export class Trial {
  readonly #inlets = new Map<string, Pick<ReceiverDeps, 'consumeTraces' | 'consumeLogs'>>();
  readonly collected = new Map<string, Collected>();

  /** `removed` is told what redaction removes, and where. Throws the `Fault` of a component that cannot be made. */
  constructor(config: ServiceConfig, removed?: Observer['removed']) {
    const ends: ServiceConfig = {
      ...config,
      receivers: mapped(config.receivers, (receiver) => this.#inlet(receiver)),
      exporters: mapped(config.exporters, (exporter) => this.#outlet(exporter)),
      service: {
        ...config.service,
        extensions: [],
        telemetry: { ...config.service.telemetry, metrics: { level: 'none', prometheus: undefined, pushes: [] } },
      },
    };
    const deps = silentDeps(frozen);
    buildGraph(ends, {
      ...deps,
      // One graph that is never replaced needs no observer for each of its parts.
      observer: removed ? Object.assign(deps.observer, { removed, forPart: () => deps.observer }) : deps.observer,
      memory: () => ({ usedBytes: 0, totalBytes: Number.MAX_SAFE_INTEGER }),
      collectGarbage: () => {},
      random: (length) => new Uint8Array(length),
    });
  }

  /** Receivers that some pipeline listens to, in the order of the pipelines. */
  get receivers(): readonly string[] {
    return [...this.#inlets.keys()];
  }

  /** Hands a batch to every pipeline of the receiver that its caller names. Rejects with the `Fault` that a client would be answered. */
  async send(batch: Batch): Promise<void> {
    const { receiver } = batch.caller;
    const inlet = this.#inlets.get(receiver);
    if (!inlet) throw new Fault('GW_CONFIG_INVALID', `cannot send to receiver "${receiver}": no pipeline lists it`);
    await (batch.signal === 'traces' ? inlet.consumeTraces : inlet.consumeLogs)?.(batch);
  }

  #inlet(component: ComponentConfig): ComponentConfig {
    const create: ReceiverFactory['create'] = (_config, deps) => {
      this.#inlets.set(deps.id, deps);
      return { start: async () => {}, stop: async () => {}, addresses: () => ({}) };
    };
    return { ...component, factory: { ...component.factory, create } };
  }

  #outlet(component: ComponentConfig): ComponentConfig {
    const create: ExporterFactory['create'] = (config, { id }) => {
      const collected: Collected = { runs: component.type === 'langsmith' ? [] : undefined, resourceSpans: [], resourceLogs: [] };
      this.collected.set(id, collected);
      return { start: async () => {}, stop: async () => {}, consume: collector(collected, config) };
    };
    return { ...component, factory: { ...component.factory, create } };
  }
}

/** Batches are written down when they come: whoever shares them might change them later. */
function collector({ runs, resourceSpans, resourceLogs }: Collected, config: unknown): Consume {
  return async (batch) => {
    if (batch.signal === 'logs') resourceLogs.push(...((JSON.parse(logsJson(batch)) as { resourceLogs?: unknown[] }).resourceLogs ?? []));
    else {
      resourceSpans.push(...((JSON.parse(tracesJson(batch)) as { resourceSpans?: unknown[] }).resourceSpans ?? []));
      runs?.push(...runsOf(batch, config as Settings));
    }
    return unjournaled(itemCount(batch));
  };
}

/** `settings`: of the exporter, which says where runs go; without any the project of those that name none is left open. */
export function runsOf({ resourceSpans, caller }: Traces, settings?: Settings): Json[] {
  const convert = createConverter(settings && convertOptionsOf(settings));
  return resourceSpans.flatMap(({ resource, scopeSpans }) =>
    scopeSpans.flatMap(({ scope, spans }) =>
      spans
        .filter((span) => !isPlaceholder(span))
        .map((span) => {
          const project = projectFrom(settings?.project_from, span, resource, caller);
          return inProject(runJson(convert(span, scope, resource, caller)), project, settings?.project ?? '');
        }),
    ),
  );
}

/** `given` beats what the run says, `otherwise` stands in where it says nothing; '' is neither. */
function inProject(run: Json, given: string, otherwise: string): Json {
  if (given !== '') return { ...without(run, 'session_id'), session_name: given };
  return otherwise === '' || 'session_id' in run || 'session_name' in run ? run : { ...run, session_name: otherwise };
}

function without(run: Json, name: string): Json {
  return Object.fromEntries(Object.entries(run).filter(([key]) => key !== name));
}

function mapped(components: ReadonlyMap<string, ComponentConfig>, change: (one: ComponentConfig) => ComponentConfig) {
  return new Map([...components].map(([id, component]) => [id, change(component)]));
}
