/** A small gateway without sockets: the pipelines of a configuration, with what reaches each exporter kept. */
import { join } from 'node:path';
import { z } from 'zod';
import { type AnyFactory, type ComponentConfig, formatProblem, loadConfig } from '../../src/config/load.ts';
import { forward } from '../../src/connectors/forward.ts';
import { routing } from '../../src/connectors/routing/routing.ts';
import { unjournaled } from '../../src/journal/unjournaled.ts';
import type { Batch, Caller } from '../../src/model/batch.ts';
import { asBytes } from '../../src/model/bytes.ts';
import type { Connector, Consume, PipelineDeps, ProcessorFactory } from '../../src/model/component.ts';
import { decodeLogsJson, decodeTracesJson, logsJson, tracesJson } from '../../src/otlp/otlp.ts';
import { processors } from '../../src/processors/processors.ts';
import { type Consumer, fanOut, pipeline } from '../../src/service/pipeline.ts';

type ConnectorCreate = (config: unknown, deps: PipelineDeps, pipelines: readonly string[]) => Connector;

/** Where data comes from and goes to plays no part here. */
const ends = (['receiver', 'exporter'] as const).map(
  (kind): AnyFactory => ({
    kind,
    type: kind === 'receiver' ? 'otlp' : 'debug',
    aliases: [],
    summary: '',
    signals: ['traces', 'logs'],
    stability: 'stable',
    schema: z.strictObject({}),
    create: undefined,
  }),
);

const factories: readonly AnyFactory[] = [...ends, ...processors, routing, forward];

/** What the loader says of a configuration; '' if it is good. */
export async function problemsIn(folder: string): Promise<string> {
  const loaded = await loadConfig({ uris: [join(folder, 'gateway.yaml')], sets: [], env: {}, factories });
  return loaded.ok ? '' : loaded.problems.map(formatProblem).join('\n').replaceAll(`${folder}/`, '');
}

/** Sends an OTLP/JSON export through all pipelines that begin at a receiver; returns what each exporter got, as OTLP/JSON in their order. */
export async function send(folder: string, json: string, caller: Caller, deps: PipelineDeps): Promise<Map<string, unknown[]>> {
  const loaded = await loadConfig({ uris: [join(folder, 'gateway.yaml')], sets: [], env: {}, factories });
  if (!loaded.ok) throw new Error(loaded.problems.map(formatProblem).join('\n'));
  const { config } = loaded;
  const { pipelines } = config.service;
  const got = new Map<string, unknown[]>();

  const exporterOf = (id: string): Consumer => {
    const batches: unknown[] = [];
    got.set(id, batches);
    const consume: Consume = async (batch) => {
      batches.push(JSON.parse(batch.signal === 'traces' ? tracesJson(batch) : logsJson(batch)));
      return unjournaled(0);
    };
    return { consume, mutates: false };
  };
  const connectorOf = (id: string): Consumer => {
    const behind = new Map([...pipelines].filter(([, one]) => one.receivers.includes(id)).map(([name]) => [name, pipelineOf(name)]));
    const component = declared(config.connectors, id);
    const connector = (component.factory.create as ConnectorCreate)(component.config, { ...deps, id }, [...behind.keys()]);
    const consume: Consume = async (batch) => {
      for (const part of connector.route(batch)) await behind.get(part.pipeline)?.consume(part.batch);
      return unjournaled(0);
    };
    return { consume, mutates: [...behind.values()].some(({ mutates }) => mutates) };
  };
  const pipelineOf = (id: string): Consumer => {
    const one = pipelines.get(id);
    const named = (one?.processors ?? []).map((name) => {
      const component = declared(config.processors, name);
      const create = component.factory.create as ProcessorFactory['create'];
      return { id: name, processor: create(component.config, { ...deps, id: name }) };
    });
    const consumers = (one?.exporters ?? []).map((name) => (config.exporters.has(name) ? exporterOf(name) : connectorOf(name)));
    return pipeline(named, consumers, deps.observer);
  };

  const signal = json.includes('"resourceLogs"') ? 'logs' : 'traces';
  const entries = [...pipelines].filter(([, one]) => one.signal === signal && one.receivers.includes('otlp')).map(([id]) => pipelineOf(id));
  await fanOut(entries).consume(decode(json, signal, caller));
  return got;
}

function declared(components: ReadonlyMap<string, ComponentConfig>, id: string): ComponentConfig {
  const component = components.get(id);
  if (!component) throw new Error(`the loader let "${id}" pass, which nobody configured`);
  return component;
}

function decode(json: string, signal: Batch['signal'], caller: Caller): Batch {
  const body = asBytes(Buffer.from(json));
  return signal === 'traces' ? decodeTracesJson(body, caller).batch : decodeLogsJson(body, caller).batch;
}
