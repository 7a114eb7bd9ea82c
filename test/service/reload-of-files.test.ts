/** The built program under load while its configuration file is replaced, as editors and Kubernetes do it: no span is lost. */
import { mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { runIdOfSpan } from '../../src/model/ids.ts';
import type { Sink } from '../../src/sink/sink.ts';
import { strictSink, temporaryDirectory, until } from '../e2e/harness.ts';
import { Load } from './load.ts';
import { Program } from './program.ts';

let sink: Sink;
let directory: ReturnType<typeof temporaryDirectory>;
let program: Program | undefined;

beforeEach(async () => {
  sink = await strictSink();
  directory = temporaryDirectory();
});

afterEach(async () => {
  await program?.kill();
  await sink.close();
  directory.remove();
});

const pathOf = (...names: string[]): string => join(directory.path, ...names);

/** Both the receiver and the exporter change with the project's number. */
const configuration = (project: number): string =>
  JSON.stringify({
    receivers: {
      otlp: { protocols: { http: { endpoint: '127.0.0.1:0', max_connections: 100 + project }, grpc: { endpoint: '127.0.0.1:0' } } },
    },
    exporters: {
      langsmith: {
        endpoint: sink.url,
        api_key: 'key',
        project: `project-${project}`,
        sending_queue: { storage: 'file_storage', durability: 'disk' },
        batch: { flush_timeout: '50ms' },
      },
    },
    extensions: { file_storage: { directory: pathOf('journal') } },
    service: {
      extensions: ['file_storage'],
      telemetry: { metrics: { level: 'none' }, logs: { encoding: 'json' } },
      pipelines: { traces: { receivers: ['otlp'], exporters: ['langsmith'] } },
    },
  });

/** How a file is replaced, and how the program hears of it. */
interface Way {
  readonly options: readonly string[];
  replace(text: string, number: number): void;
}

const ways: Readonly<Record<string, Way>> = {
  'renamed over by an editor, and SIGHUP': {
    options: [],
    replace: (text) => {
      writeFileSync(pathOf('.gateway.yaml.swp'), text);
      renameSync(pathOf('.gateway.yaml.swp'), pathOf('gateway.yaml'));
      program?.signal('SIGHUP');
    },
  },
  'swapped with its ConfigMap (..data), and --watch': {
    options: ['--watch'],
    replace: (text, number) => {
      mkdirSync(pathOf(`..${number}`));
      writeFileSync(pathOf(`..${number}`, 'gateway.yaml'), text);
      symlinkSync(`..${number}`, pathOf('..data_tmp'));
      renameSync(pathOf('..data_tmp'), pathOf('..data'));
      if (number === 0) symlinkSync('..data/gateway.yaml', pathOf('gateway.yaml'));
      else rmSync(pathOf(`..${number - 1}`), { recursive: true });
    },
  },
};

test.each(Object.entries(ways))(
  'a file that is %s: every span arrives, once, and a bad file changes nothing',
  async (_, { options, replace }) => {
    replace(configuration(0), 0);
    program = await Program.run(pathOf('gateway.yaml'), options);
    const [http, grpc] = [program.address('http'), program.address('grpc')];
    const load = new Load({ http: () => `http://${http}`, grpc: () => grpc }, { http: 3, grpc: 2 });
    const more = async (count: number): Promise<void> => {
      const before = load.acknowledged.length;
      await until(
        () => load.acknowledged.length >= before + count,
        () => `${load.acknowledged.length} acknowledged; ${load.failures.join()}\n${program?.log}`,
      );
    };
    await more(50);
    for (const number of [1, 2]) {
      replace(configuration(number), number);
      await program.appears('Configuration reloaded.', number);
      await more(100);
    }
    replace('receivers: {otlp: {protocols: {http: {}}}}\nexporters: {langsmth: {}}\n', 3);
    await program.appears('the new configuration was refused; the former one keeps running');
    await more(100);
    replace(configuration(4), 4);
    await program.appears('Configuration reloaded.', 3);
    await more(100);
    await load.stop();

    expect(load.failures).toEqual([]);
    const refused = program.logged('the new configuration was refused; the former one keeps running');
    expect(refused).toHaveLength(1);
    expect(String(refused[0]?.problems)).toContain('did you mean "langsmith"?');
    await until(
      () => load.acknowledged.every(({ spanId }) => sink.store.run(runIdOfSpan(spanId)) !== undefined),
      () => `${sink.store.runs().length} runs for ${load.acknowledged.length} acknowledged spans\n${program?.log}`,
    );
    expect(sink.store.runs().length).toBe(load.acknowledged.length);
    expect(sink.store.violations()).toEqual([]);
    const projects = new Set(sink.store.runs().map(({ fields }) => fields.session_name));
    expect([...projects].sort()).toEqual(['project-0', 'project-1', 'project-2', 'project-4']);
  },
  120_000,
);
