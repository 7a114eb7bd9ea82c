/** The JSON Schema as an editor uses it: it marks what the program refuses, and nothing that the program takes. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { jsonSchema } from '../../src/config/json-schema.ts';
import { formatProblem, loadConfig } from '../../src/config/load.ts';
import { factories } from '../../src/service/components.ts';

const root = join(import.meta.dirname, '..', '..');
const schema = jsonSchema(factories);
const accepts = new Ajv2020({ strict: false, allErrors: true, validateFormats: false }).compile(schema);

/** What an editor underlines, as `/path: why`. */
function marks(document: unknown): string[] {
  accepts(document);
  return (accepts.errors ?? []).map(({ instancePath, message, params }) => `${instancePath}: ${message} ${JSON.stringify(params)}`);
}

/** A pipeline with one receiver or exporter, whose settings are the ones of interest. */
function withComponent(section: string, id: string, settings: unknown): Record<string, unknown> {
  const components: Record<string, Record<string, unknown>> = {
    receivers: { otlp: { protocols: { http: null } } },
    exporters: { debug: null },
  };
  components[section] = { ...components[section], [id]: settings };
  return { ...components, service: { pipelines: { traces: { receivers: ['otlp'], exporters: ['debug'] } } } };
}

async function problemsOf(document: unknown): Promise<string[]> {
  const loaded = await loadConfig({ uris: [`yaml:${JSON.stringify(document)}`], sets: [], env: {}, factories });
  return loaded.ok ? [] : loaded.problems.map(formatProblem);
}

const shipped = ['config', 'config/examples'].flatMap((folder) =>
  readdirSync(join(root, folder))
    .filter((name) => name.endsWith('.yaml'))
    .map((name) => `${folder}/${name}`),
);

it.each(shipped)('nothing of %s is marked', (name) => {
  expect(marks(parse(readFileSync(join(root, name), 'utf8')))).toEqual([]);
});

describe('taken by the program, and not marked', () => {
  it.each<[string, string, string, unknown]>([
    ['a plain 0 for a duration', 'receivers', 'otlp', { protocols: { http: { idle_timeout: 0 } } }],
    ['0 as text for a duration', 'receivers', 'otlp', { protocols: { http: { idle_timeout: '0' } } }],
    ['a duration of several units', 'receivers', 'otlp', { protocols: { http: { idle_timeout: '1h30m' } } }],
    ['a duration from the environment', 'receivers', 'otlp', { protocols: { http: { idle_timeout: `\${env:IDLE:-1m}` } } }],
    ['a protocol without settings', 'receivers', 'otlp', { protocols: { grpc: null } }],
    ['a buffer size, which means nothing here', 'receivers', 'otlp', { protocols: { grpc: { endpoint: ':0', read_buffer_size: 524288 } } }],
    ['settings of debug that mean nothing here', 'exporters', 'debug', { sampling_initial: 5, use_internal_logger: false }],
    ['an older name with settings that mean nothing here', 'exporters', 'otlphttp', { endpoint: 'http://a:1', max_idle_conns: 5 }],
    ['a whole section that means nothing here', 'extensions', 'file_storage', { compaction: { on_start: true } }],
  ])('%s', async (_, section, id, settings) => {
    const document = withComponent(section, id, settings);
    expect(await problemsOf(document)).toEqual([]);
    expect(marks(document)).toEqual([]);
  });
});

describe('refused by the program, and marked', () => {
  it.each<[string, string, string, unknown]>([
    ['a receiver without settings', 'receivers', 'otlp', null],
    ['a receiver without protocols', 'receivers', 'otlp', {}],
    ['a receiver whose protocols are empty', 'receivers', 'otlp', { protocols: {} }],
    ['a receiver whose protocols are nothing', 'receivers', 'otlp', { protocols: null }],
    ['a number without a unit for a duration', 'receivers', 'otlp', { protocols: { http: { idle_timeout: 30 } } }],
    ['a duration without a unit', 'receivers', 'otlp', { protocols: { http: { idle_timeout: '30' } } }],
    ['a misspelt setting', 'exporters', 'debug', { sampling_inital: 5 }],
    ['a misspelt section inside', 'receivers', 'otlp', { protocols: { grpc: { read_bufer_size: 1 } } }],
  ])('%s', async (_, section, id, settings) => {
    const document = withComponent(section, id, settings);
    expect(await problemsOf(document)).not.toEqual([]);
    expect(marks(document)).not.toEqual([]);
  });
});

it('strikes a type of the Collector through that does not exist here, and marks one that nobody knows', () => {
  expect(marks(withComponent('receivers', 'jaeger', { protocols: {} }))).toEqual([]);
  expect(marks(withComponent('receivers', 'jeager', {}))).not.toEqual([]);
  expect(marks(withComponent('processors', 'resource/x', { attributes: 5 }))).not.toEqual([]);
});

it('says of a setting that means nothing here why', () => {
  const text = JSON.stringify(schema);
  expect(text).toContain('"sampling_initial":{"description":"Without effect here: every batch is shown.","deprecated":true}');
});
