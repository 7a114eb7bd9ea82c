/**
 * Loads a configuration: reads its sources → merges them → expands `${…}` → checks it against the components there are.
 * Either all of it is good, or every problem is told at once. The language is the OpenTelemetry Collector's.
 */
import { check } from './check.ts';
import { Expander } from './expand.ts';
import type { Problem } from './problem.ts';
import { Report } from './report.ts';
import type { AnyFactory, ServiceConfig } from './service-config.ts';
import { readSources, type SourceOptions } from './sources.ts';
import type { Plain } from './tree.ts';

export { formatProblem, type Problem } from './problem.ts';
export type { AnyFactory, ComponentConfig, PipelineConfig, ServiceConfig } from './service-config.ts';

export interface LoadOptions extends SourceOptions {
  readonly factories: readonly AnyFactory[];
}

export type Loaded =
  | {
      readonly ok: true;
      readonly config: ServiceConfig;
      readonly warnings: readonly Problem[];
      /** The settings as merged and expanded, secrets redacted: what `print-config` prints. */
      readonly resolved: Plain;
      /** Every file that was read, to watch. */
      readonly files: readonly string[];
    }
  | { readonly ok: false; readonly problems: readonly Problem[]; readonly warnings: readonly Problem[]; readonly files: readonly string[] };

/** Never rejects for what a user wrote: that comes back as problems. */
export async function loadConfig({ factories, ...options }: LoadOptions): Promise<Loaded> {
  const report = new Report();
  const files = new Set<string>();
  const tree = await readSources(options, files, report);
  // With a source missing, everything that refers to it would look wrong.
  const checked = report.failed ? undefined : check(await new Expander(options.env, files, report).expand(tree), factories, report);
  const warnings = report.warnings();
  if (checked === undefined || report.failed) return { ok: false, problems: report.problems(), warnings, files: [...files] };
  return { ok: true, ...checked, warnings, files: [...files] };
}
