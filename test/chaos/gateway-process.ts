/**
 * A gateway in a process of its own, which can be killed, paused and started again.
 *
 *   running ─kill, stop─► ended ─start─► running        running ─pause─► paused ─resume─► running
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

const main = new URL('../../dist/main.js', import.meta.url).pathname;
const ready = new Set(['Everything is ready. Begin running and processing data.', 'All workers are ready.']);
const linesKept = 30;

/** Options of Node with which `usedBytes` works. */
export const memoryProbe = ['--expose-gc', '--import', new URL('memory-probe.mjs', import.meta.url).href];

export interface GatewayProcessOptions {
  /** Files of configuration that the document is merged over. */
  readonly files?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Options of Node itself. */
  readonly node?: readonly string[];
}

export class GatewayProcess {
  /** Where it listens, or listened. */
  http = '';
  grpc = '';
  /** The last warnings and errors that it logged, over all its lives. */
  readonly troubles: string[] = [];
  readonly #config: string;
  readonly #options: GatewayProcessOptions;
  #process: ChildProcess | undefined;
  #measured: (usedBytes: number) => void = () => {};

  constructor(config: object, options: GatewayProcessOptions = {}) {
    this.#config = JSON.stringify(config);
    this.#options = options;
  }

  get pid(): number | undefined {
    return this.#process?.pid;
  }

  /** Resolves when it is ready. */
  async start(): Promise<void> {
    const { files = [], env, node = [] } = this.#options;
    const uris = [...files, `yaml:${this.#config}`].flatMap((uri) => ['--config', uri]);
    const child = spawn('node', [...node, main, 'run', ...uris], { stdio: ['ignore', 'ignore', 'pipe'], env: { ...process.env, ...env } });
    this.#process = child;
    const ended = once(child, 'exit');
    await Promise.race([
      new Promise<void>((resolve) =>
        createInterface(child.stderr as NodeJS.ReadableStream).on('line', (line) => this.#read(line) && resolve()),
      ),
      ended.then(() => Promise.reject(new Error(`the gateway did not start: ${this.troubles.join('\n')}`))),
    ]);
  }

  /** What it holds in memory after a collection, in bytes. It must run with `memoryProbe`. */
  usedBytes(): Promise<number> {
    return new Promise((resolve) => {
      this.#measured = resolve;
      this.#process?.kill('SIGUSR2');
    });
  }

  kill(): Promise<void> {
    return this.#end('SIGKILL');
  }

  /** Lets it hand over. */
  stop(): Promise<void> {
    return this.#end('SIGTERM');
  }

  reload(): void {
    this.#process?.kill('SIGHUP');
  }

  pause(): void {
    this.#process?.kill('SIGSTOP');
  }

  resume(): void {
    this.#process?.kill('SIGCONT');
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const child = this.#process;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill(signal);
    await ended;
  }

  /** Whether the line says that it is ready. */
  #read(line: string): boolean {
    if (!line.startsWith('{')) this.#trouble(line);
    else {
      const { level, msg, protocol, address, usedBytes } = JSON.parse(line) as Record<string, string>;
      if (usedBytes !== undefined) this.#measured(Number(usedBytes));
      if (ready.has(`${msg}`)) return true;
      if (msg === 'listening' && protocol === 'http') this.http = `http://${address}`;
      if (msg === 'listening' && protocol === 'grpc') this.grpc = `${address}`;
      if (level === 'warn' || level === 'error') this.#trouble(line);
    }
    return false;
  }

  #trouble(line: string): void {
    this.troubles.push(line);
    if (this.troubles.length > linesKept) this.troubles.shift();
  }
}
