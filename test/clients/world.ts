/** A model, a gateway and a strict sink, and client programs that run between them as processes of their own. */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect } from 'vitest';
import type { Sink } from '../../src/sink/sink.ts';
import type { StoredRun } from '../../src/sink/tenant.ts';
import { expectConserved, startTestGateway, strictSink, type TestGateway, until } from '../e2e/harness.ts';
import { type Dict, dictOf, listOf } from './model/answer.ts';
import { type ModelServer, startModelServer } from './model-server.ts';

const programMs = 60_000;

export class World {
  readonly #model: ModelServer;
  readonly #sink: Sink;
  readonly #gateway: TestGateway;

  private constructor(model: ModelServer, sink: Sink, gateway: TestGateway) {
    this.#model = model;
    this.#sink = sink;
    this.#gateway = gateway;
  }

  static async start(): Promise<World> {
    const [model, sink] = await Promise.all([startModelServer(), strictSink()]);
    return new World(model, sink, await startTestGateway({ sinkUrl: sink.url }));
  }

  /** Runs `programs/<name>.mjs` to its end, and waits until that many runs have come. */
  async run(name: string, runs: number, env: Readonly<Record<string, string>> = {}): Promise<void> {
    const file = fileURLToPath(new URL(`programs/${name}.mjs`, import.meta.url));
    const endpoints = { OPENAI_BASE_URL: this.#model.url, OTEL_EXPORTER_OTLP_ENDPOINT: this.#gateway.httpUrl };
    const { stderr } = await promisify(execFile)(process.execPath, [file], {
      env: { PATH: process.env.PATH, NODE_NO_WARNINGS: '1', ...endpoints, ...env },
      timeout: programMs,
    });
    expect(stderr).toBe('');
    await until(
      () => this.#gateway.balance().waiting === 0 && this.#stored().length >= runs,
      () => `${this.#stored().length} runs of ${runs}:\n${this.tree().join('\n')}\n${this.#gateway.lines.slice(-3).join('\n')}`,
    );
  }

  get gatewayUrl(): string {
    return this.#gateway.httpUrl;
  }

  get sinkUrl(): string {
    return this.#sink.url;
  }

  /** The run at the end of a path of names, from the root; a name that siblings share can be followed by `#1`, `#2`, in the order of time. */
  at(...path: readonly string[]): Run {
    let parent = '';
    let found: StoredRun | undefined;
    for (const step of path) {
      const [name, index = '1'] = step.split('#');
      found = this.#childrenOf(parent).filter((run) => nameOf(run) === name)[Number(index) - 1];
      if (!found) throw new Error(`no run "${step}" of ${path.join(' / ')} among\n${this.tree().join('\n')}`);
      parent = found.id;
    }
    if (!found) throw new Error('cannot find run: the path is empty');
    return new Run(found);
  }

  all(): Run[] {
    return this.#stored().map((run) => new Run(run));
  }

  /** The names and kinds of all runs, indented by their depth, in the order of time. */
  tree(parent = '', indent = ''): string[] {
    return this.#childrenOf(parent).flatMap((run) => [
      `${indent}${nameOf(run)} (${run.fields.run_type})`,
      ...this.tree(run.id, `${indent}  `),
    ]);
  }

  /** Every span became one run and was delivered once, in a place that fits its ancestors', and no rule of the endpoint was broken. */
  async expectSound(): Promise<void> {
    const { store } = this.#sink;
    expect(store.violations()).toEqual([]);
    expect(store.conflicts()).toEqual([]);
    expect(store.orphans()).toEqual([]);
    for (const run of store.runs()) {
      const parent = store.run(run.parentRunId);
      expect(run.dottedOrder.split('.').slice(0, -1).join('.')).toBe(parent?.dottedOrder ?? '');
      expect(run.traceId).toBe(parent?.traceId ?? run.id);
      expect(run.fields.end_time).toBeDefined();
    }
    const { deadLettered, waiting } = this.#gateway.balance();
    expect({ deadLettered, waiting }).toEqual({ deadLettered: 0, waiting: 0 });
    await expectConserved(this.#gateway);
  }

  #stored(): StoredRun[] {
    return this.#sink.store.runs();
  }

  /** By their start, and those of one millisecond by their end: JavaScript's spans begin at whole milliseconds. */
  #childrenOf(parent: string): StoredRun[] {
    const order = ({ fields }: StoredRun): string => `${fields.start_time} ${fields.end_time}`;
    const children = this.#stored().filter((run) => run.parentRunId === parent);
    return children.sort((one, other) => (order(one) < order(other) ? -1 : 1));
  }

  async stop(): Promise<void> {
    await this.#gateway.stop();
    await Promise.all([this.#sink.close(), this.#model.close()]);
  }
}

/** A run as the tests look at it. */
export class Run {
  readonly #run: StoredRun;

  constructor(run: StoredRun) {
    this.#run = run;
  }

  get fields(): Dict {
    return this.#run.fields;
  }

  get inputs(): Dict {
    return dictOf(this.fields.inputs);
  }

  get outputs(): Dict {
    return dictOf(this.fields.outputs);
  }

  get events(): readonly Dict[] {
    return listOf(this.fields.events).map(dictOf);
  }

  get metadata(): Dict {
    return dictOf(dictOf(this.fields.extra).metadata);
  }

  get usage(): Dict {
    return dictOf(this.metadata.usage_metadata);
  }

  get parameters(): Dict {
    return dictOf(dictOf(this.fields.extra).invocation_params);
  }
}

const nameOf = ({ fields }: StoredRun): string => `${fields.name}`;
