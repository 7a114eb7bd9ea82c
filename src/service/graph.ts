/**
 * The configuration as a graph: receivers → junctions → pipelines → exporters, with connectors from pipeline to pipeline. Built from the far end, so
 * that everything that data can reach stands before anything sends data to it. Building starts nothing.
 *
 * A receiver or exporter is one instance wherever it is listed, a processor one instance per pipeline, a connector one per pipeline that sends to it.
 *
 * Built beside a former graph, it keeps the parts of that graph whose settings, and whatever they hold on to, did not change. Processors and
 * connectors hold nothing and are always new.
 */
import type { ComponentConfig, ServiceConfig } from '../config/load.ts';
import type { AdminDeps } from '../extensions/admin.ts';
import type { HealthDeps } from '../extensions/health-check.ts';
import type { Storage } from '../journal/journal.ts';
import type { AllowanceOf, Authenticate, ConnectorDeps, Consume, HeadersSetter } from '../model/component.ts';
import { Fault } from '../model/fault.ts';
import type { Observer } from '../model/observer.ts';
import type { AnyExporter, AnyExtension, ExporterFactory, ExtensionFactory, ListeningReceiver, ReceiverFactory } from './factories.ts';
import { Junction, type Route } from './junction.ts';
import { Part, type PartObserver } from './part.ts';
import { declared, Pipelines } from './pipelines.ts';
import { traced } from './telemetry/own-spans.ts';
import { type TelemetryDeps, type TelemetryPart, telemetryParts } from './telemetry-parts.ts';
import { watched } from './trail/watched.ts';

/** A receiver with its junction, and the route that this graph wants for it. A kept receiver takes its junction along. */
export interface Inlet {
  readonly part: Part<ListeningReceiver>;
  readonly junction: Junction;
  readonly route: Route;
  /** Each asks a route for an extension that the receiver needs, and throws a `Fault` if it is not there. */
  readonly asks: readonly ((of: Route) => unknown)[];
}

/** Each map is in the order in which its parts start. */
export interface Graph {
  /** With what shows and sends the gateway's own telemetry. */
  readonly extensions: ReadonlyMap<string, Part<AnyExtension> | TelemetryPart>;
  readonly exporters: ReadonlyMap<string, Part<AnyExporter>>;
  readonly inlets: ReadonlyMap<string, Inlet>;
  /** What processors and connectors tell. */
  readonly observer: PartObserver | undefined;
}

export interface GraphDeps extends Omit<AdminDeps & HealthDeps & ConnectorDeps, 'id'>, TelemetryDeps {
  readonly observer: PartObserver;
  /** Journals of the process itself. */
  readonly memoryStorage: Storage;
}

export const emptyGraph: Graph = { extensions: new Map(), exporters: new Map(), inlets: new Map(), observer: undefined };

/** Throws the `Fault` of the first component that cannot be made. */
export function buildGraph(config: ServiceConfig, deps: GraphDeps, former: Graph = emptyGraph): Graph {
  const extensions = buildExtensions(config, deps, former);
  const exporters = buildExporters(config, deps, former, extensions);
  const consumers = new Map<string, Consume>([...exporters].map(([id, { component }]) => [id, component.consume]));
  const observer = deps.observer.forPart();
  const pipelines = new Pipelines(config, consumers, { ...deps, observer });
  const inlets = new Map<string, Inlet>();
  for (const id of listed(config, 'receivers')) {
    const component = config.receivers.get(id);
    if (!component) continue;
    const route: Route = {
      traces: pipelines.behind(id, 'traces'),
      logs: pipelines.behind(id, 'logs'),
      authenticator: (extensionId) => authenticatorOf(extensions, extensionId),
      limiter: (extensionId) => limiterOf(extensions, extensionId),
    };
    inlets.set(id, keptInlet(former.inlets.get(id), component, route) ?? newInlet(component, route, deps));
  }
  return { extensions, exporters, inlets, observer };
}

function buildExtensions(config: ServiceConfig, deps: GraphDeps, former: Graph): Graph['extensions'] {
  const extensions = new Map<string, Part<AnyExtension> | TelemetryPart>(telemetryParts(config, deps, former.extensions));
  for (const id of config.service.extensions) {
    const component = declared(config.extensions, id);
    const { create } = component.factory as unknown as ExtensionFactory;
    const kept = former.extensions.get(id);
    const make = (observer: Observer): AnyExtension => create(component.config, { ...deps, id, observer });
    extensions.set(id, kept?.isMadeFrom(component) ? kept : new Part(id, component, deps.observer, make));
  }
  return extensions;
}

function buildExporters(config: ServiceConfig, deps: GraphDeps, former: Graph, extensions: Graph['extensions']): Graph['exporters'] {
  const exporters = new Map<string, Part<AnyExporter>>();
  for (const id of listed(config, 'exporters')) {
    const component = config.exporters.get(id);
    if (!component) continue;
    const { create } = component.factory as unknown as ExporterFactory;
    const make = (observer: Observer, uses: Set<string>): AnyExporter => {
      const storage = (extensionId: string): Storage => {
        uses.add(extensionId);
        return storageOf(extensions, extensionId);
      };
      const setter = (extensionId: string): HeadersSetter => {
        uses.add(extensionId);
        return headersSetterOf(extensions, extensionId);
      };
      return create(component.config, { ...deps, id, observer, storage, headersSetter: setter });
    };
    const kept = former.exporters.get(id);
    const holds = kept && [...kept.uses].every((one) => extensions.get(one) === former.extensions.get(one));
    exporters.set(id, holds && kept.isMadeFrom(component) ? kept : new Part(id, component, deps.observer, make));
  }
  return exporters;
}

/** The former receiver, if it can stay: it knows which signals it takes, so these must be the same, too. */
function keptInlet(former: Inlet | undefined, component: ComponentConfig, route: Route): Inlet | undefined {
  if (!former?.part.isMadeFrom(component)) return undefined;
  const takesTheSame = (['traces', 'logs'] as const).every((signal) => !former.route[signal] === !route[signal]);
  if (!takesTheSame) return undefined;
  for (const ask of former.asks) ask(route);
  return { ...former, route };
}

function newInlet(component: ComponentConfig, route: Route, deps: GraphDeps): Inlet {
  const { id, config } = component;
  const junction = new Junction(route);
  const { create } = component.factory as unknown as ReceiverFactory;
  const asks: ((of: Route) => unknown)[] = [];
  const part = new Part(id, component, deps.observer, (observer) => {
    const isThere = (ask: (of: Route) => unknown): void => {
      ask(route);
      asks.push(ask);
    };
    const authenticator = (extensionId: string): Authenticate => {
      isThere((of) => of.authenticator(extensionId));
      return junction.authenticate(extensionId);
    };
    const limiter = (extensionId: string): AllowanceOf => {
      isThere((of) => of.limiter(extensionId));
      return junction.allowanceOf(extensionId);
    };
    const consume = traced(junction.consume, deps.ownSpans);
    const consumeTraces = route.traces && watched(consume, observer);
    const consumeLogs = route.logs && consume;
    return create(config, { ...deps, id, observer, consumeTraces, consumeLogs, authenticator, limiter });
  });
  return { part, junction, route, asks };
}

function storageOf(extensions: Graph['extensions'], id: string): Storage {
  const found = extensions.get(id)?.component;
  if (found && 'open' in found) return found;
  throw new Fault('GW_CONFIG_INVALID', `cannot use "${id}" as storage: no storage extension of that name runs`, {
    hint: `declare it under extensions and list it in service::extensions`,
  });
}

function authenticatorOf(extensions: Graph['extensions'], id: string): Authenticate {
  const found = extensions.get(id)?.component;
  if (found && 'authenticate' in found) return found.authenticate;
  throw new Fault('GW_CONFIG_INVALID', `cannot authenticate with "${id}": no authenticator extension of that name runs`, {
    hint: `declare it under extensions and list it in service::extensions`,
  });
}

function limiterOf(extensions: Graph['extensions'], id: string): AllowanceOf {
  const found = extensions.get(id)?.component;
  if (found && 'allowanceOf' in found) return found.allowanceOf;
  throw new Fault('GW_CONFIG_INVALID', `cannot limit with "${id}": no limiter extension of that name runs`, {
    hint: `declare it under extensions and list it in service::extensions`,
  });
}

function headersSetterOf(extensions: Graph['extensions'], id: string): HeadersSetter {
  const found = extensions.get(id)?.component;
  if (found && 'headersOf' in found) return found;
  throw new Fault('GW_CONFIG_INVALID', `cannot set headers with "${id}": no headers_setter extension of that name runs`, {
    hint: `declare it under extensions and list it in service::extensions`,
  });
}

/** Ids that pipelines list on one side, each once, in the order of their first appearance. */
function listed(config: ServiceConfig, side: 'receivers' | 'exporters'): ReadonlySet<string> {
  return new Set([...config.service.pipelines.values()].flatMap((pipelineConfig) => pipelineConfig[side]));
}
