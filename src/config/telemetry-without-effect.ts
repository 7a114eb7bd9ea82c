import { locate } from './decode.ts';
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
  [['traces'], 'the gateway makes no spans of its own'],
];

/** `telemetry`: the section as written. */
export function warnOfTelemetryWithoutEffect(telemetry: Node | undefined, keyPlace: Place, report: Report): void {
  if (telemetry?.kind !== 'map') return;
  const warn = (path: readonly string[], why: string): void => {
    const { node, place } = locate(telemetry, keyPlace, path);
    if (node && !isEmpty(node)) report.warn(place, `service::telemetry::${path.join('::')}`, `has no effect here: ${why}`);
  };
  for (const [path, why] of withoutEffect) warn(path, why);
  const readers = locate(telemetry, keyPlace, ['metrics', 'readers']).node;
  for (const index of readers?.kind === 'list' ? readers.items.keys() : []) {
    const at = ['metrics', 'readers', `${index}`];
    const { node } = locate(telemetry, keyPlace, [...at, 'periodic', 'exporter', 'otlp', 'protocol']);
    if (node?.kind === 'scalar' && node.value !== 'http/protobuf')
      warn([...at, 'periodic', 'exporter', 'otlp', 'protocol'], 'metrics are sent over http/protobuf only, so this reader sends nothing');
    warn([...at, 'periodic', 'exporter', 'console'], 'metrics are not printed');
    warn([...at, 'pull', 'exporter', 'prometheus', 'with_resource_constant_labels'], 'target_info has the attributes of the resource');
  }
}
