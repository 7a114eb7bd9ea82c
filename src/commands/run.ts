/** `spanway run`: starts, reloads on SIGHUP, stops within the grace period on SIGTERM or SIGINT. A second one of these ends it at once. */
import { formatProblem } from '../config/load.ts';
import { Fault } from '../model/fault.ts';
import { type Gateway, startGateway } from '../service/gateway.ts';
import { boundHeapGrowth } from '../service/heap-growth.ts';
import { fingerprint, Reloader } from '../service/reloader.ts';
import { isWorker, serveAsWorker, Workers, workerCount } from '../service/workers.ts';
import { type Sink, startSink } from '../sink/sink.ts';
import { type ConfigOptions, type Env, type GoodConfig, load, read } from './load.ts';

const graceMs = 25_000;
const sinkPort = 1984;

export interface RunOptions extends ConfigOptions {
  readonly sink: string;
  readonly watch: boolean;
}

interface Running {
  reload(): void;
  stop(): Promise<void>;
}

export async function run({ sink: when, watch, ...options }: RunOptions, version: string): Promise<void> {
  boundHeapGrowth();
  if (isWorker) return work(options, watch);
  const env: Record<string, string | undefined> = { ...process.env };
  const hasKey = Boolean(env.LANGSMITH_API_KEY || env.LANGCHAIN_API_KEY);
  const local = when === 'always' || (when === 'auto' && !hasKey) ? await localSink() : undefined;
  if (local) {
    env.LANGSMITH_ENDPOINT = local.url;
    env.LANGSMITH_API_KEY = 'local';
  }
  const loaded = await load(options, env);
  for (const warning of loaded.warnings) process.stderr.write(`${formatProblem(warning)}\n`);
  const count = workerCount(loaded.config);
  let running: Running | undefined;
  let wantsReload = false;
  // From before the start on: without a handler a SIGHUP that comes meanwhile ends the process.
  process.on('SIGHUP', () => {
    wantsReload = running === undefined;
    running?.reload();
  });
  const started: Running =
    count === 1 ? await start(options, env, loaded, watch) : await Workers.start({ config: loaded.config, count, env });
  if (local)
    process.stderr.write(
      `\n  No LANGSMITH_API_KEY is set, so runs go to the local sink. See them at ${local.url}\n  Point an application here: OTEL_EXPORTER_OTLP_ENDPOINT=http://localhost:4318  (Spanway ${version})\n\n`,
    );

  let stopping = false;
  const stop = (): void => {
    // Nothing may hold it up now, not even the store's own way of ending while a write is under way.
    if (stopping) process.kill(process.pid, 'SIGKILL');
    stopping = true;
    void started
      .stop()
      .then(() => local?.close())
      .then(() => process.exit(0));
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  running = started;
  if (wantsReload) started.reload();
}

/** The gateway in this process. */
async function start(
  options: ConfigOptions,
  env: Env,
  loaded: GoodConfig,
  watch: boolean,
): Promise<Running & { readonly gateway: Gateway }> {
  const seen = await fingerprint(loaded.files);
  const gateway = await startGateway(loaded.config);
  const reloader = new Reloader({ gateway, loaded, seen, load: () => read(options, env), watch });
  reloader.start();
  return {
    gateway,
    reload: () => void reloader.reload(),
    stop: async () => void (await Promise.all([reloader.stop(), gateway.stop(graceMs)])),
  };
}

/** One of several processes. */
function work(options: ConfigOptions, watch: boolean): Promise<void> {
  return serveAsWorker(async () => start(options, process.env, await load(options), watch));
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
