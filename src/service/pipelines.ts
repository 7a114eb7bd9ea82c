/** All pipelines of a configuration, each built when somebody first sends to it: processors, then exporters and connectors to other pipelines. */
import type { ComponentConfig, PipelineConfig, ServiceConfig } from '../config/load.ts';
import { type Batch, itemCount, type Signal, type Span } from '../model/batch.ts';
import type { Connector, ConnectorDeps, ConnectorFactory, Consume, ProcessorFactory } from '../model/component.ts';
import { Fault } from '../model/fault.ts';
import { tracesOf } from '../otlp/otlp.ts';
import { type Consumer, fanOut, type NamedProcessor, pipeline } from './pipeline.ts';

export class Pipelines {
  readonly #config: ServiceConfig;
  readonly #exporters: ReadonlyMap<string, Consume>;
  readonly #deps: Omit<ConnectorDeps, 'id'>;
  readonly #built = new Map<string, Consumer>();

  constructor(config: ServiceConfig, exporters: ReadonlyMap<string, Consume>, deps: Omit<ConnectorDeps, 'id'>) {
    this.#config = config;
    this.#exporters = exporters;
    this.#deps = deps;
  }

  /** What takes this signal from a receiver; `undefined` if nobody does. */
  behind(receiver: string, signal: Signal): Consume | undefined {
    const targets = [...this.#fedBy(receiver, signal)].map((id) => this.#pipeline(id));
    return targets.length === 0 ? undefined : fanOut(targets).consume;
  }

  *#fedBy(source: string, signal: Signal): Iterable<string> {
    for (const [id, one] of this.#config.service.pipelines) if (one.signal === signal && one.receivers.includes(source)) yield id;
  }

  #pipeline(id: string): Consumer {
    const known = this.#built.get(id);
    if (known) return known;
    const { processors, exporters, signal } = declared<PipelineConfig>(this.#config.service.pipelines, id);
    const consumers = exporters.map((target): Consumer => {
      const consume = this.#exporters.get(target);
      return consume ? { consume, mutates: false } : this.#connector(target, signal);
    });
    const built = pipeline(
      processors.map((processor) => this.#processor(processor)),
      consumers,
      this.#deps.observer,
    );
    this.#built.set(id, built);
    return built;
  }

  #processor(id: string): NamedProcessor {
    const { factory, config } = declared(this.#config.processors, id);
    return { id, processor: (factory as unknown as ProcessorFactory).create(config, { ...this.#deps, id }) };
  }

  /** The side of a connector that a pipeline sends to. Cycles were refused with the configuration. */
  #connector(id: string, signal: Signal): Consumer {
    const behind = new Map([...this.#fedBy(id, signal)].map((pipelineId) => [pipelineId, this.#pipeline(pipelineId)]));
    const { factory, config } = declared(this.#config.connectors, id);
    const connector = (factory as unknown as ConnectorFactory).create(config, { ...this.#deps, id }, [...behind.keys()]);
    const { observer } = this.#deps;
    const consume: Consume = async (given) => {
      const batch = connector.prepare ? await connector.prepare(given) : given;
      const incoming = itemCount(batch);
      const routed = connector.route(batch);
      if (routed.length === 0) {
        observer.dropped(id, 'filtered', incoming);
        for (const span of spansOf(batch)) observer.leftOut?.(id, span, 'no route');
      }
      const parts = withLeftOut(routed, given, behind.keys()).flatMap((part) => {
        const target = behind.get(part.pipeline);
        return target ? [{ mutates: false, consume: () => target.consume(part.batch) }] : [];
      });
      return fanOut(parts).consume(batch);
    };
    return { consume, mutates: connector.prepare !== undefined || [...behind.values()].some(({ mutates }) => mutates) };
  }
}

type Routed = ReturnType<Connector['route']>;

/** Nobody knows where the children of a span go that was left out, so every pipeline hears of it. */
function withLeftOut(routed: Routed, given: Batch, pipelines: Iterable<string>): Routed {
  const leftOut = given.signal === 'traces' ? given.leftOut : undefined;
  if (!leftOut) return routed;
  const empty = [...pipelines].filter((pipeline) => !routed.some((part) => part.pipeline === pipeline));
  const all = [...routed, ...empty.map((pipeline) => ({ pipeline, batch: tracesOf(given.caller, []) }))];
  for (const { batch } of all) if (batch.signal === 'traces') batch.leftOut = leftOut;
  return all;
}

function spansOf(batch: Batch): readonly Span[] {
  return batch.signal === 'traces' ? batch.resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans)) : [];
}

/** The configuration was checked: every id in it is configured. */
export function declared<Config = ComponentConfig>(configs: ReadonlyMap<string, Config>, id: string): Config {
  const config = configs.get(id);
  if (!config) throw new Fault('GW_CONFIG_INVALID', `cannot build "${id}": it is not configured`);
  return config;
}
