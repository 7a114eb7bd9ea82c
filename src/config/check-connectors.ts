/** What only the whole graph shows: connectors that lead nowhere, and pipelines that feed themselves. */
import type { Declared, DeclaredSections } from './check-components.ts';
import type { Pipeline, Pipelines } from './check-pipelines.ts';
import type { Report } from './report.ts';

export function checkConnectors(pipelines: Pipelines, declared: DeclaredSections, report: Report): void {
  for (const connector of declared.connectors.values()) {
    checkAmbiguity(connector, declared, report);
    checkUse(connector, [...pipelines.values()], report);
  }
  checkCycles(pipelines, declared, report);
}

function checkAmbiguity({ id, shown, keyPlace }: Declared, declared: DeclaredSections, report: Report): void {
  for (const section of ['receivers', 'exporters'] as const) {
    if (!declared[section].has(id)) continue;
    const kind = section.slice(0, -1);
    report.error(keyPlace, `connectors::${shown}`, `ambiguous ID: found both "${shown}" ${kind} and "${shown}" connector`, {
      hint: `rename one of them, for example the connector to "${shown}/connector"`,
    });
  }
}

/** Per signal, because a connector joins pipelines of the same signal. */
function checkUse({ id, shown, keyPlace }: Declared, pipelines: readonly Pipeline[], report: Report): void {
  for (const signal of ['traces', 'logs', 'metrics'] as const) {
    const using = (side: 'receivers' | 'exporters') =>
      pipelines
        .filter((pipeline) => pipeline.signal === signal && pipeline[side].some((one) => one.id === id))
        .map(({ shown: name }) => name);
    const feeds = using('receivers');
    const fedBy = using('exporters');
    if (fedBy.length > 0 && feeds.length === 0) {
      report.error(
        keyPlace,
        `connectors::${shown}`,
        `connector "${shown}" used as exporter in [${fedBy.join(' ')}] pipeline but not used in any supported receiver pipeline`,
      );
    }
    if (feeds.length > 0 && fedBy.length === 0) {
      report.error(
        keyPlace,
        `connectors::${shown}`,
        `connector "${shown}" used as receiver in [${feeds.join(' ')}] pipeline but not used in any supported exporter pipeline`,
      );
    }
  }
}

/** Depth first; each pipeline is entered once, so a graph of any size costs its edges. */
function checkCycles(pipelines: Pipelines, declared: DeclaredSections, report: Report): void {
  const done = new Set<Pipeline>();
  const way: { readonly pipeline: Pipeline; readonly connector: string }[] = [];

  const visit = (pipeline: Pipeline): void => {
    const start = way.findIndex((step) => step.pipeline === pipeline);
    if (start >= 0) {
      const steps = way.slice(start).map((step) => `pipeline "${step.pipeline.shown}" -> connector "${step.connector}"`);
      report.error(pipeline.keyPlace, pipeline.path, `cycle detected: ${steps.join(' -> ')} -> pipeline "${pipeline.shown}"`);
      return;
    }
    if (done.has(pipeline)) return;
    for (const { id, shown } of pipeline.exporters) {
      if (!declared.connectors.has(id)) continue;
      way.push({ pipeline, connector: shown });
      for (const next of pipelines.values())
        if (next.signal === pipeline.signal && next.receivers.some((one) => one.id === id)) visit(next);
      way.pop();
    }
    done.add(pipeline);
  };
  for (const pipeline of pipelines.values()) visit(pipeline);
}
