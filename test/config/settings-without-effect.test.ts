import { expect, test } from 'vitest';
import { schemaOf } from '../../src/config/check-components.ts';
import { formatProblem, loadConfig } from '../../src/config/load.ts';
import { keysAt } from '../../src/config/schema-walk.ts';
import { withoutEffect } from '../../src/config/settings-without-effect.ts';
import { factories } from '../../src/service/components.ts';

const rows = Object.entries(withoutEffect).flatMap(([section, types]) =>
  Object.entries(types).flatMap(([type, settings]) => settings.flatMap(([names]) => names.map((name) => [section, type, name] as const))),
);

test.each(rows)('%s::%s::%s is of a component that exists, and is no setting that has an effect', (section, type, name) => {
  const factory = factories.find((one) => one.type === type && `${one.kind}s` === section);
  const steps = name.split('::');
  const keys = factory ? keysAt(schemaOf(factory), steps.slice(0, -1)) : [];
  expect(keys.length).toBeGreaterThan(0);
  expect(keys).not.toContain(steps.at(-1));
});

test('a configuration as Collector users have it loads, with a warning for each setting that means nothing here', async () => {
  const text = `
receivers:
  otlp:
    protocols:
      grpc: {endpoint: localhost:0, read_buffer_size: 524288, write_buffer_size: 1024}
      http: {endpoint: localhost:0, write_timeout: 30s}
exporters:
  debug: {verbosity: detailed, sampling_initial: 5, sampling_thereafter: 200, use_internal_logger: false}
  otlp: {endpoint: "tempo:4317", balancer_name: round_robin, wait_for_ready: true, retry_on_failure: {max_elapsed_time: 0}}
  otlphttp: {endpoint: https://example.com, max_idle_conns: 100, idle_conn_timeout: 0, compression_params: {level: 6}}
extensions:
  file_storage: {compaction: {on_start: true}}
service:
  extensions: [file_storage]
  pipelines:
    traces: {receivers: [otlp], exporters: [debug, otlp, otlphttp]}
`;
  const loaded = await loadConfig({ uris: [`yaml:${text}`], sets: [], env: {}, factories });
  expect(loaded.ok ? [] : loaded.problems.map(formatProblem)).toEqual([]);
  expect(loaded.warnings.filter((warning) => formatProblem(warning).includes('has no effect here')).length).toBe(12);
});
