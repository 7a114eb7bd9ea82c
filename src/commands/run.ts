/** `spanway run`: starts, reloads and stops, which it does within the grace period, as signals ask (`signals.ts`). */
import { formatProblem } from '../config/load.ts';
import { Fault } from '../model/fault.ts';
import { tameCollector } from '../service/collector.ts';
import { type Gateway, startGateway } from '../service/gateway.ts';
import { fingerprint, Reloader } from '../service/reloader.ts';
import { isWorker, serveAsWorker, Workers, workerCount } from '../service/workers.ts';
import { type Sink, startSink } from '../sink/sink.ts';
import { type ConfigOptions, type Env, type GoodConfig, load, read } from './load.ts';
import { type Running, startUnderSignals } from './signals.ts';

const graceMs = 25_000;
const sinkPort = 1984;

export interface RunOptions extends ConfigOptions {
  readonly sink: string;
  readonly watch: boolean;
}

export async function run(options: RunOptions, version: string): Promise<void> {
  await startUnderSignals(async () => {
    await tameCollector();
    return isWorker ? work(options) : runAll(options, version);
  });
}

/** All there is to run: the gateway, in this process or in workers, and the sink if runs go there. */
async function runAll(options: RunOptions, version: string): Promise<Running> {
  const hasKey = Boolean(process.env.LANGSMITH_API_KEY || process.env.LANGCHAIN_API_KEY);
  const wantsSink = options.sink === 'always' || (options.sink === 'auto' && !hasKey);
  if (!wantsSink) return runGateway(options, process.env);
  const local = await localSink();
  try {
    const running = await runGateway(options, { ...process.env, LANGSMITH_ENDPOINT: local.url, LANGSMITH_API_KEY: 'local' });
    process.stderr.write(
      `\n  No LANGSMITH_API_KEY is set, so runs go to the local sink. See them at ${local.url}\n  Point an application here: OTEL_EXPORTER_OTLP_ENDPOINT=http://localhost:4318  (Spanway ${version})\n\n`,
    );
    return { reload: () => running.reload(), stop: () => running.stop().then(() => local.close()) };
  } catch (error) {
    // It would keep the process alive.
    await local.close();
    throw error;
  }
}

async function runGateway(options: RunOptions, env: Env): Promise<Running> {
  const loaded = await load(options, env);
  for (const warning of loaded.warnings) process.stderr.write(`${formatProblem(warning)}\n`);
  const count = workerCount(loaded.config);
  return count === 1 ? start(options, env, loaded) : Workers.start({ config: loaded.config, count, env });
}

/** The gateway in this process. */
async function start(options: RunOptions, env: Env, loaded: GoodConfig): Promise<Running & { readonly gateway: Gateway }> {
  const seen = await fingerprint(loaded.files);
  const gateway = await startGateway(loaded.config);
  const reloader = new Reloader({ gateway, loaded, seen, load: () => read(options, env), watch: options.watch });
  reloader.start();
  return {
    gateway,
    reload: () => void reloader.reload(),
    stop: async () => void (await Promise.all([reloader.stop(), gateway.stop(graceMs)])),
  };
}

/** One of several processes. */
function work(options: RunOptions): Promise<Running> {
  return serveAsWorker(async () => start(options, process.env, await load(options)));
}

/** The sink on its usual port; one that runs there already is used as it is. */
async function localSink(): Promise<Pick<Sink, 'url' | 'close'>> {
  try {
    return await startSink({ host: process.env.SPANWAY_HOST ?? '127.0.0.1', port: sinkPort, directory: '.spanway/sink' });
  } catch (error) {
    const url = `http://127.0.0.1:${sinkPort}`;
    const answer = await fetch(`${url}/info`).catch(() => undefined);
    if (answer?.ok) return { url, close: async () => {} };
    throw new Fault(
      'GW_START_FAILED',
      `cannot start the local sink on port ${sinkPort}: ${error instanceof Error ? error.message : 'unknown reason'}`,
      {
        hint: 'free the port, or set LANGSMITH_API_KEY to send to LangSmith',
      },
    );
  }
}
