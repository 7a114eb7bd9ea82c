/** `spanway run`: starts, waits for a signal, stops within the grace period. A second signal ends it at once. */
import { formatProblem } from '../config/load.ts';
import { Fault } from '../model/fault.ts';
import { startGateway } from '../service/gateway.ts';
import { type Sink, startSink } from '../sink/sink.ts';
import { type ConfigOptions, load } from './load.ts';

const graceMs = 25_000;
const sinkPort = 1984;

export async function run({ sink: when, ...options }: ConfigOptions & { readonly sink: string }, version: string): Promise<void> {
  const env: Record<string, string | undefined> = { ...process.env };
  const hasKey = Boolean(env.LANGSMITH_API_KEY || env.LANGCHAIN_API_KEY);
  const local = when === 'always' || (when === 'auto' && !hasKey) ? await localSink() : undefined;
  if (local) {
    env.LANGSMITH_ENDPOINT = local.url;
    env.LANGSMITH_API_KEY = 'local';
  }
  const loaded = await load(options, env);
  for (const warning of loaded.warnings) process.stderr.write(`${formatProblem(warning)}\n`);
  const gateway = await startGateway(loaded.config);
  if (local)
    process.stderr.write(
      `\n  No LANGSMITH_API_KEY is set, so runs go to the local sink. See them at ${local.url}\n  Point an application here: OTEL_EXPORTER_OTLP_ENDPOINT=http://localhost:4318  (Spanway ${version})\n\n`,
    );

  let stopping = false;
  const stop = (): void => {
    if (stopping) process.exit(1);
    stopping = true;
    void gateway
      .stop(graceMs)
      .then(() => local?.close())
      .then(() => process.exit(0));
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
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
