/**
 * The configuration as a graph: receivers → pipelines → exporters, with connectors from pipeline to pipeline. Built from the far end, so that
 * everything that data can reach stands before anything sends data to it.
 *
 * A receiver or exporter is one instance wherever it is listed, a processor one instance per pipeline, a connector one per pipeline that sends to it.
 */
import type { ComponentConfig, ServiceConfig } from '../config/load.ts';
import type { HealthDeps } from '../extensions/health-check.ts';
import type { Storage } from '../journal/journal.ts';
import { itemCount, type Signal } from '../model/batch.ts';
import type { Authenticate, Authenticator, ConnectorFactory, Consume, Exporter, Extension, ProcessorFactory } from '../model/component.ts';
import { Fault } from '../model/fault.ts';
import type { AnyFactory, ExporterFactory, ExtensionFactory, JournaledExporter, ListeningReceiver, ReceiverFactory } from './factories.ts';
import { type Consumer, fanOut, pipeline } from './pipeline.ts';

/** The components that live; each map is in the order in which they start. */
export interface Graph {
  readonly extensions: ReadonlyMap<string, Extension>;
  readonly exporters: ReadonlyMap<string, Exporter | JournaledExporter>;
  readonly receivers: ReadonlyMap<string, ListeningReceiver>;
}

export function buildGraph(config: ServiceConfig, common: Omit<HealthDeps, 'id'>): Graph {
  const { pipelines } = config.service;
  const deps = (id: string): HealthDeps => ({ ...common, id });

  const extensions = new Map<string, Extension | (Extension & Storage) | Authenticator>();
  for (const id of config.service.extensions) {
    const component = declared(config.extensions, id);
    extensions.set(id, factoryOf<ExtensionFactory>(component).create(component.config, deps(id)));
  }
  const storage = (id: string): Storage => {
    const found = extensions.get(id);
    if (found && 'open' in found) return found;
    throw new Fault('GW_CONFIG_INVALID', `cannot use "${id}" as storage: no storage extension of that name runs`, {
      hint: `declare it under extensions and list it in service::extensions`,
    });
  };
  const authenticator = (id: string): Authenticate => {
    const found = extensions.get(id);
    if (found && 'authenticate' in found) return found.authenticate;
    throw new Fault('GW_CONFIG_INVALID', `cannot authenticate with "${id}": no authenticator extension of that name runs`, {
      hint: `declare it under extensions and list it in service::extensions`,
    });
  };

  const exporters = new Map<string, Exporter | JournaledExporter>();
  for (const id of listed(config, 'exporters')) {
    const component = config.exporters.get(id);
    if (component) exporters.set(id, factoryOf<ExporterFactory>(component).create(component.config, { ...deps(id), storage }));
  }

  const built = new Map<string, Consumer>();
  const pipelineOf = (id: string): Consumer => {
    const known = built.get(id);
    if (known) return known;
    const declaredPipeline = pipelines.get(id);
    if (!declaredPipeline) throw new Fault('GW_CONFIG_INVALID', `cannot build pipeline "${id}": it is not configured`);
    const consumers = declaredPipeline.exporters.map((target): Consumer => {
      const exporter = exporters.get(target);
      return exporter ? { consume: exporter.consume, mutates: false } : connectorOf(target, declaredPipeline.signal);
    });
    const processors = declaredPipeline.processors.map((processorId) => {
      const component = declared(config.processors, processorId);
      return { id: processorId, processor: factoryOf<ProcessorFactory>(component).create(component.config, deps(processorId)) };
    });
    const consumer = pipeline(processors, consumers, common.observer);
    built.set(id, consumer);
    return consumer;
  };

  /** The side of a connector that a pipeline sends to. Cycles were refused with the configuration. */
  const connectorOf = (id: string, signal: Signal): Consumer => {
    const behind = new Map<string, Consumer>();
    for (const [pipelineId, target] of pipelines) {
      if (target.signal === signal && target.receivers.includes(id)) behind.set(pipelineId, pipelineOf(pipelineId));
    }
    const component = declared(config.connectors, id);
    const connector = factoryOf<ConnectorFactory>(component).create(component.config, deps(id), [...behind.keys()]);
    const consume: Consume = (batch) => {
      const incoming = itemCount(batch);
      const parts = connector.route(batch).flatMap((routed) => {
        const target = behind.get(routed.pipeline);
        return target ? [{ batch: routed.batch, consume: target.consume }] : [];
      });
      if (parts.length === 0) common.observer.processed(id, batch.signal, incoming, 0, 'filtered');
      return fanOut(parts.map((part) => ({ mutates: false, consume: () => part.consume(part.batch) }))).consume(batch);
    };
    return { consume, mutates: [...behind.values()].some(({ mutates }) => mutates) };
  };

  const receivers = new Map<string, ListeningReceiver>();
  for (const id of listed(config, 'receivers')) {
    const component = config.receivers.get(id);
    if (!component) continue;
    const consumeOf = (signal: Signal): Consume | undefined => {
      const targets = [...pipelines]
        .filter(([, one]) => one.signal === signal && one.receivers.includes(id))
        .map(([pipelineId]) => pipelineOf(pipelineId));
      return targets.length === 0 ? undefined : fanOut(targets).consume;
    };
    const receiverDeps = { ...deps(id), consumeTraces: consumeOf('traces'), consumeLogs: consumeOf('logs'), authenticator };
    receivers.set(id, factoryOf<ReceiverFactory>(component).create(component.config, receiverDeps));
  }
  return { extensions, exporters, receivers };
}

/** Ids that pipelines list on one side, each once, in the order of their first appearance. */
function listed(config: ServiceConfig, side: 'receivers' | 'exporters'): ReadonlySet<string> {
  return new Set([...config.service.pipelines.values()].flatMap((pipelineConfig) => pipelineConfig[side]));
}

function declared(components: ReadonlyMap<string, ComponentConfig>, id: string): ComponentConfig {
  const component = components.get(id);
  if (!component) throw new Fault('GW_CONFIG_INVALID', `cannot build "${id}": it is not configured`);
  return component;
}

/** The section that a component stands in says its kind; the configuration knows factories only by their description. */
function factoryOf<F extends AnyFactory>(component: ComponentConfig): F {
  return component.factory as unknown as F;
}
