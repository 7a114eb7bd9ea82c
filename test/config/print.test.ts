import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { loadConfig } from '../../src/config/load.ts';
import { componentsYaml, printConfig } from '../../src/config/print.ts';
import { factories } from './factories.ts';

it('print-config prints the same settings as YAML and as JSON', async () => {
  const text =
    'receivers: { otlp: { protocols: { http: } } }\nexporters: { langsmith: { api_key: x, headers: { a: b } } }\nservice::pipelines::traces: { receivers: otlp, exporters: langsmith }';
  const loaded = await loadConfig({ uris: [`yaml:${text}`], sets: [], env: {}, factories });
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
  const json: unknown = JSON.parse(printConfig(loaded, { format: 'json' }));
  expect(parse(printConfig(loaded, { format: 'yaml' }))).toEqual(json);
  expect(json).toMatchObject({ exporters: { langsmith: { api_key: '[REDACTED]', headers: { a: '[REDACTED]' } } } });
});

it("components lists what there is in the shape of the Collector's command", () => {
  const listed: unknown = parse(componentsYaml(factories, '1.2.3'));
  expect(listed).toMatchObject({
    buildinfo: { command: 'spanway', version: '1.2.3' },
    receivers: [{ name: 'otlp', module: 'spanway 1.2.3', stability: { traces: 'Beta', logs: 'Beta' } }],
    connectors: [{ name: 'forward', stability: { 'traces-to-traces': 'Beta', 'logs-to-logs': 'Beta' } }],
    extensions: [{ name: 'health_check', stability: { extension: 'Beta' } }, { name: 'file_storage' }],
    providers: [{ scheme: 'env' }, { scheme: 'file' }, { scheme: 'yaml' }],
  });
  expect(listed).toHaveProperty('exporters.1', expect.objectContaining({ name: 'otlp_http', deprecated_aliases: ['otlphttp'] }));
});
