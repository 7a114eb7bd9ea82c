/** A configuration once it is checked: what `service/` builds from. */
import type { Signal } from '../model/batch.ts';
import type { Factory } from '../model/component.ts';
import type { Reload, Telemetry, Workers } from './service-schema.ts';

export type ComponentKind = 'receiver' | 'processor' | 'exporter' | 'connector' | 'extension';

/** What this room knows of a component type: its description. It never calls `create`. */
export type AnyFactory = Factory<ComponentKind, unknown>;

export interface ComponentConfig {
  /** As pipelines name it, e.g. `langsmith/acme`. */
  readonly id: string;
  /** The factory's own type, also where the user wrote an alias. */
  readonly type: string;
  readonly factory: AnyFactory;
  /** What the factory's schema made of the settings. */
  readonly config: unknown;
}

export type Components = ReadonlyMap<string, ComponentConfig>;

/** Every id in it is configured; each list holds an id once. */
export interface PipelineConfig {
  readonly signal: Signal;
  /** Receivers, and connectors that feed this pipeline. */
  readonly receivers: readonly string[];
  /** In the order in which they work. */
  readonly processors: readonly string[];
  /** Exporters, and connectors that this pipeline feeds. */
  readonly exporters: readonly string[];
}

export interface ServiceConfig {
  readonly receivers: Components;
  readonly processors: Components;
  readonly exporters: Components;
  readonly connectors: Components;
  readonly extensions: Components;
  readonly service: {
    readonly extensions: readonly string[];
    readonly pipelines: ReadonlyMap<string, PipelineConfig>;
    readonly telemetry: Telemetry;
    readonly reload: Reload;
    readonly workers: Workers;
  };
}

/** The Collector's five sections of components, in the order in which people write them. */
export const sections = ['receivers', 'processors', 'exporters', 'connectors', 'extensions'] as const;
export type Section = (typeof sections)[number];

export const kindOfSection = {
  receivers: 'receiver',
  processors: 'processor',
  exporters: 'exporter',
  connectors: 'connector',
  extensions: 'extension',
} as const satisfies Record<Section, ComponentKind>;
