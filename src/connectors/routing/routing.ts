/**
 * `routing`: sends data to pipelines by OTTL conditions on the request, the resource, the span or the log record. Read this file first.
 * Rows are asked in their order and from the whole to the part, so that a row on the request is asked once and one on the resource once per resource.
 */
import type { Caller } from '../../model/batch.ts';
import type { Connector, Factory, PipelineDeps } from '../../model/component.ts';
import { Fault } from '../../model/fault.ts';
import { Evaluation, OttlError, type Report } from '../../ottl/ottl.ts';
import { compileRoute, contextOfRoute, edits } from './compile-route.ts';
import type { CompiledRow } from './rows.ts';
import { type Settings, schema } from './schema.ts';
import { splitByStages } from './split.ts';

type RoutingFactory = Factory<'connector', (config: unknown, deps: PipelineDeps, pipelines: readonly string[]) => Connector>;

export const routing = {
  kind: 'connector',
  type: 'routing',
  aliases: [],
  summary: 'Sends data to pipelines by OTTL conditions on request, resource, span or log record.',
  signals: ['traces', 'logs'],
  stability: 'beta',
  schema,
  create: (config: unknown, deps: PipelineDeps, pipelines: readonly string[]): Connector => {
    const settings = config as Settings;
    const { table } = settings;
    const defaults = [...new Set(settings.default_pipelines)];
    checkPipelines(settings, deps.id, pipelines);
    const stages = stagesOf(table).map((stage) => stage.map((at) => compileRow(settings, at, deps)));
    const changes = table.some(edits);
    const evaluationOf = (caller: Caller): Evaluation =>
      new Evaluation({ now: () => BigInt(Math.trunc(deps.clock.now())) * 1_000_000n, random: deps.random }, caller);
    return {
      route: (given) => {
        const batch = changes ? given.clone() : given;
        const { routed, unrouted } = propagating(() => splitByStages(batch, stages, defaults, evaluationOf(batch.caller)));
        // What matched nowhere at all is counted by the graph.
        if (unrouted > 0 && routed.length > 0) deps.observer.dropped(deps.id, 'filtered', unrouted);
        return routed;
      },
    };
  },
} as const satisfies RoutingFactory;

function checkPipelines({ table, default_pipelines }: Settings, id: string, pipelines: readonly string[]): void {
  for (const pipeline of [...table.flatMap((row) => row.pipelines), ...default_pipelines]) {
    if (pipelines.includes(pipeline)) continue;
    throw new Fault('GW_CONFIG_INVALID', `cannot route from "${id}" to "${pipeline}": that pipeline does not list it as a receiver`, {
      hint: `pipelines that do: [${pipelines.join(' ')}]`,
    });
  }
}

/** Positions of rows, cut before each one that changes data: it must only see what the rows before it have left. */
function stagesOf(table: Settings['table']): number[][] {
  const stages: number[][] = [[]];
  for (const [at, row] of table.entries()) {
    if (edits(row)) stages.push([]);
    stages.at(-1)?.push(at);
  }
  return stages.filter((stage) => stage.length > 0);
}

function compileRow({ table, error_mode }: Settings, at: number, { id, observer }: PipelineDeps): CompiledRow {
  const row = table[at] as Settings['table'][number];
  const context = contextOfRoute(row) ?? 'resource';
  // By position: a text may hold what was expanded into it.
  const report: Report = (error) =>
    observer.log('warn', 'a routing condition failed and counted as no match', { component: id, row: at + 1, reason: error.reason });
  const matches = compileRoute(row, context, error_mode, report);
  return { context, matches, pipelines: [...new Set(row.pipelines)], copies: row.action === 'copy' };
}

function propagating<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof OttlError)) throw error;
    throw new Fault('GW_PROCESS_FAILED', `cannot route data: ${error.reason}`, { cause: error, hint: 'error_mode is "propagate"' });
  }
}
