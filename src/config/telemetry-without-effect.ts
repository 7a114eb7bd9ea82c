import { locate } from './decode.ts';
import { spokenProtocol } from './own-otlp-schema.ts';
import type { Report } from './report.ts';
import { isEmpty, type Node, type Place } from './tree.ts';

/** Settings of the Collector's own telemetry that mean nothing here: a file that has them runs, and its owner is told. */
const withoutEffect: readonly (readonly [path: readonly string[], why: string])[] = [
  [['logs', 'error_output_paths'], 'the logger has no errors of its own to tell'],
  [['logs', 'development'], 'there is one way to log'],
  [['logs', 'disable_caller'], 'lines name no place in the code'],
  [['logs', 'disable_stacktrace'], 'lines hold no stack traces'],
  [['logs', 'processors'], 'lines are written to output_paths, not exported'],
  [['metrics', 'views'], 'all metrics are shown as they are'],
  [['traces', 'propagators'], "the gateway takes no part in its clients' traces"],
  [['traces', 'limits'], 'spans of its own are small'],
];

/** `telemetry`: the section as written. */
export function warnOfTelemetryWithoutEffect(telemetry: Node | undefined, keyPlace: Place, report: Report): void {
  if (telemetry?.kind !== 'map') return;
  const warn = (path: readonly string[], why: string): void => {
    const { node, place } = locate(telemetry, keyPlace, path);
    if (node && !isEmpty(node)) report.warn(place, `service::telemetry::${path.join('::')}`, `has no effect here: ${why}`);
  };
  for (const [path, why] of withoutEffect) warn(path, why);
  const itemsAt = (path: readonly string[]): readonly (readonly string[])[] => {
    const { node } = locate(telemetry, keyPlace, path);
    return node?.kind === 'list' ? [...node.items.keys()].map((index) => [...path, `${index}`]) : [];
  };
  const warnOfExporter = (path: readonly string[], what: string): void => {
    const { node } = locate(telemetry, keyPlace, [...path, 'otlp', 'protocol']);
    if (node?.kind === 'scalar' && node.value !== spokenProtocol)
      warn([...path, 'otlp', 'protocol'], `${what} are sent over ${spokenProtocol} only, so this one sends nothing`);
    warn([...path, 'console'], `${what} are not printed`);
  };
  for (const at of itemsAt(['metrics', 'readers'])) {
    warnOfExporter([...at, 'periodic', 'exporter'], 'metrics');
    warn([...at, 'pull', 'exporter', 'prometheus', 'with_resource_constant_labels'], 'target_info has the attributes of the resource');
  }
  for (const at of itemsAt(['traces', 'processors']))
    for (const kind of ['batch', 'simple']) warnOfExporter([...at, kind, 'exporter'], 'spans');
}
