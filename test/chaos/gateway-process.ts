/**
 * A gateway in a process of its own, which can be killed, paused and started again.
 *
 *   running ─kill, stop─► ended ─start─► running        running ─pause─► paused ─resume─► running
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

const main = new URL('../../dist/main.js', import.meta.url).pathname;
const ready = 'Everything is ready. Begin running and processing data.';
const linesKept = 30;

export class GatewayProcess {
  /** Where it listens, or listened. */
  http = '';
  grpc = '';
  /** The last warnings and errors that it logged, over all its lives. */
  readonly troubles: string[] = [];
  readonly #config: string;
  #process: ChildProcess | undefined;

  constructor(config: object) {
    this.#config = JSON.stringify(config);
  }

  get pid(): number | undefined {
    return this.#process?.pid;
  }

  /** Resolves when it is ready. */
  async start(): Promise<void> {
    const child = spawn('node', [main, 'run', '--config', `yaml:${this.#config}`], { stdio: ['ignore', 'ignore', 'pipe'] });
    this.#process = child;
    const ended = once(child, 'exit');
    await Promise.race([
      new Promise<void>((resolve) =>
        createInterface(child.stderr as NodeJS.ReadableStream).on('line', (line) => this.#read(line) && resolve()),
      ),
      ended.then(() => Promise.reject(new Error(`the gateway did not start: ${this.troubles.join('\n')}`))),
    ]);
  }

  kill(): Promise<void> {
    return this.#end('SIGKILL');
  }

  /** Lets it hand over. */
  stop(): Promise<void> {
    return this.#end('SIGTERM');
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
      const { level, msg, protocol, address } = JSON.parse(line) as Record<string, string>;
      if (msg === ready) return true;
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
