/** The built program as operators run it, and what it logs. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { until } from '../e2e/harness.ts';

const main = new URL('../../dist/main.js', import.meta.url).pathname;

export class Program {
  log = '';
  readonly #child: ChildProcess;

  /** Resolves once it is ready. Its configuration must log JSON. */
  static async run(path: string, options: readonly string[] = [], env: Readonly<Record<string, string>> = {}): Promise<Program> {
    const program = new Program(spawn('node', [main, 'run', '--config', path, ...options], pipes(env)));
    await program.appears('Everything is ready. Begin running and processing data.');
    return program;
  }

  private constructor(child: ChildProcess) {
    this.#child = child;
    child.stderr?.setEncoding('utf8').on('data', (text: string) => (this.log += text));
  }

  get pid(): number {
    return this.#child.pid as number;
  }

  signal(name: 'SIGHUP'): void {
    this.#child.kill(name);
  }

  /** Its lines with this sentence. */
  logged(sentence: string): Record<string, unknown>[] {
    const whole = this.log.slice(0, this.log.lastIndexOf('\n') + 1);
    const lines = whole.split('\n').filter((line) => line.startsWith('{'));
    return lines.map((line) => JSON.parse(line) as Record<string, unknown>).filter(({ msg }) => msg === sentence);
  }

  appears(sentence: string, count = 1): Promise<void> {
    return until(
      () => this.logged(sentence).length >= count,
      () => this.log,
    );
  }

  /** Where the `otlp` receiver listens, as `host:port`. */
  address(protocol: 'http' | 'grpc'): string {
    const line = this.logged('listening').findLast((facts) => facts.protocol === protocol);
    return String(line?.address);
  }

  async kill(): Promise<void> {
    if (this.#child.exitCode !== null) return;
    this.#child.kill('SIGKILL');
    await once(this.#child, 'exit');
  }
}

function pipes(env: Readonly<Record<string, string>>): { stdio: ['ignore', 'ignore', 'pipe']; env: NodeJS.ProcessEnv } {
  return { stdio: ['ignore', 'ignore', 'pipe'], env: { ...process.env, ...env } };
}
