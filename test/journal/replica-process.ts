import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { RedisAddress } from '../../src/journal/redis/address.ts';

const program = new URL('replica.mjs', import.meta.url).pathname;

export interface Answer {
  readonly open?: boolean;
  readonly result?: unknown;
  readonly fault?: { readonly code: string; readonly message: string; readonly hint?: string };
}

export interface ReplicaOptions {
  /** Of a file journal. */
  readonly directory?: string;
  /** Of a Redis journal. */
  readonly address?: RedisAddress;
  readonly leaseMs?: number;
  readonly lockWaitMs?: number;
  readonly createDirectory?: boolean;
  readonly unprivileged?: boolean;
  /** The largest file that the process may write, in KiB: to it, a full disk. */
  readonly fileKilobytesMax?: number;
}

/** `replica.mjs` as a child process. */
export class ReplicaProcess {
  readonly process: ChildProcess;
  readonly lines: string[] = [];
  readonly exited: Promise<unknown>;
  #errors = '';
  #answered = 0;
  #changed: () => void = () => {};

  constructor({ fileKilobytesMax, ...options }: ReplicaOptions) {
    const command = ['node', program, JSON.stringify(options)];
    const limited = ['bash', '-c', `trap '' XFSZ; ulimit -f ${fileKilobytesMax}; exec "$@"`, 'bash', ...command];
    const [file, ...args] = fileKilobytesMax === undefined ? command : limited;
    this.process = spawn(file as string, args, { stdio: ['pipe', 'pipe', 'pipe'] });
    this.exited = once(this.process, 'exit').then(() => this.#changed());
    this.process.stderr?.setEncoding('utf8').on('data', (text: string) => (this.#errors += text));
    createInterface({ input: this.process.stdout as NodeJS.ReadableStream }).on('line', (line) => {
      this.lines.push(line);
      this.#changed();
    });
  }

  /** The next answer that nobody has taken yet. */
  async answer(): Promise<Answer> {
    await this.until(() => this.lines.length > this.#answered);
    return JSON.parse(this.lines[this.#answered++] as string) as Answer;
  }

  async ask(name: string, given: Record<string, unknown> = {}): Promise<Answer> {
    this.tell(name, given);
    return this.answer();
  }

  tell(name: string, given: Record<string, unknown> = {}): void {
    this.process.stdin?.write(`${JSON.stringify({ name, ...given })}\n`);
  }

  async until(condition: () => boolean): Promise<void> {
    while (!condition()) {
      if (this.process.exitCode !== null || this.process.signalCode !== null) throw new Error(`the replica ended: ${this.#errors}`);
      await new Promise<void>((resolve) => (this.#changed = resolve));
    }
  }

  async kill(): Promise<void> {
    this.process.kill('SIGKILL');
    await this.exited;
  }
}

export async function startReplica(options: ReplicaOptions): Promise<ReplicaProcess> {
  const replica = new ReplicaProcess(options);
  const { open, fault } = await replica.answer();
  if (!open) throw new Error(fault?.message);
  return replica;
}
