import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { loadConfig } from '../../src/config/load.ts';
import { factories } from './factories.ts';

const folder = mkdtempSync(join(tmpdir(), 'spanway-config-'));
afterAll(() => rmSync(folder, { recursive: true }));

const good = `
receivers: { otlp: { protocols: { http: } } }
exporters: { debug: }
service: { pipelines: { traces: { receivers: [otlp], exporters: [debug] } } }
`;

function file(name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

async function load(...uris: string[]) {
  return loadConfig({ uris, sets: [], env: { CONFIG: good }, factories });
}

async function sentences(...uris: string[]): Promise<string[]> {
  const loaded = await load(...uris);
  return loaded.ok ? [] : loaded.problems.map(({ sentence }) => sentence);
}

describe('sources', () => {
  it('are a bare path, file:, env: and yaml: alike', async () => {
    const path = file('good.yaml', good);
    for (const uri of [path, `file:${path}`, 'env:CONFIG', `yaml:${good}`]) expect((await load(uri)).ok).toBe(true);
  });

  it('tell every file that was read, so that they can be watched', async () => {
    const part = file('part.yaml', 'otlp: { protocols: { http: } }');
    const path = file('whole.yaml', good.replace('{ otlp: { protocols: { http: } } }', `\${file:${part}}`));
    const loaded = await load(path);
    expect(loaded.ok).toBe(true);
    expect(loaded.files).toEqual([path, part]);
  });

  it('may start with a byte order mark and have Windows line ends', async () => {
    expect((await load(file('windows.yaml', `\ufeff${good.replaceAll('\n', '\r\n')}`))).ok).toBe(true);
  });

  it('are refused when longer than 1 MiB, also from a device without end', async () => {
    expect(await sentences(file('long.yaml', `${good}#${'x'.repeat(2 ** 20)}`))).toEqual(['cannot read file: longer than 1 MiB']);
    expect(await sentences('/dev/zero')).toEqual(['cannot read file: longer than 1 MiB']);
  });

  it('are refused when they are not UTF-8', async () => {
    expect(await sentences(file('latin1.yaml', Buffer.from('a: \xe9', 'latin1')))).toEqual(['cannot read file: not UTF-8']);
  });
});

describe('a good configuration', () => {
  it('has its components by id, with the settings that their schemas made, and the defaults of service', async () => {
    const loaded = await load(`yaml:${good.replace('debug: }', 'debug: , otlphttp/audit: { endpoint: "https://audit" } }')}`);
    if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
    const { exporters, service } = loaded.config;
    expect(exporters.get('debug')).toMatchObject({ id: 'debug', type: 'debug', config: { verbosity: 'basic' } });
    expect(exporters.get('otlphttp/audit')).toMatchObject({ type: 'otlp_http', factory: { type: 'otlp_http' } });
    expect([...service.pipelines]).toEqual([['traces', { signal: 'traces', receivers: ['otlp'], processors: [], exporters: ['debug'] }]]);
    expect(service).toMatchObject({ extensions: [], workers: 1, reload: { watch: false, on_error: 'keep_running' } });
    expect(service.telemetry.logs).toMatchObject({ level: 'info', encoding: 'console', output_paths: ['stderr'] });
    expect(service.telemetry.metrics).toMatchObject({ level: 'normal', prometheus: { host: 'localhost', port: 8888 } });
  });

  it.each([
    ['{ level: none }', undefined],
    ['{ readers: [] }', undefined],
    ['{ address: ":9090" }', { host: '::', port: 9090 }],
    ['{ readers: [{ pull: { exporter: { prometheus: { port: 1 } } } }] }', { host: 'localhost', port: 1 }],
  ])('reads service::telemetry::metrics %s as %o', async (metrics, prometheus) => {
    const loaded = await load(`yaml:${good}`, `yaml:service::telemetry::metrics: ${metrics}`);
    if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
    expect(loaded.config.service.telemetry.metrics.prometheus).toEqual(prometheus && expect.objectContaining(prometheus));
  });
});
