/** `spanway demo`: gateway and sink in one process, a sample agent traced by the real OpenTelemetry SDK, and the tree as LangSmith would show it. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startGateway } from '../service/gateway.ts';
import { type Sink, startSink } from '../sink/sink.ts';
import { sendAgentTrace } from './demo-agent.ts';
import { load } from './load.ts';

const deliveryMs = 15_000;

export async function demo(): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'spanway-demo-'));
  const sink = await startDemoSink(directory);
  const { config } = await load({ config: [`yaml:${configuration(directory, sink.url)}`], set: [] });
  const gateway = await startGateway(config, { emit: () => {} });
  try {
    const { http } = gateway.service.receivers.get('otlp')?.addresses() ?? {};
    const sent = await sendAgentTrace(`http://127.0.0.1:${http?.port}`);
    await arrived(sink, sent);
    process.stdout.write(`\n${tree(await query(sink))}\n\n${sent} spans in, ${sent} runs out. See them at ${sink.url}\n`);
    if (process.stdout.isTTY) {
      process.stdout.write('Press Ctrl-C to end.\n');
      await new Promise((resolve) => process.once('SIGINT', resolve));
    }
  } finally {
    await gateway.stop(5_000);
    await sink.close();
    rmSync(directory, { recursive: true, force: true });
  }
}

async function startDemoSink(directory: string): Promise<Sink> {
  const options = { host: '127.0.0.1', directory: join(directory, 'sink') };
  return startSink({ ...options, port: 1984 }).catch(() => startSink({ ...options, port: 0 }));
}

/** Free ports, so that the demo runs beside a gateway. */
function configuration(directory: string, endpoint: string): string {
  return JSON.stringify({
    receivers: { otlp: { protocols: { http: { endpoint: '127.0.0.1:0' } } } },
    exporters: { langsmith: { endpoint, api_key: 'demo', project: 'spanway-demo', batch: { flush_timeout: '100ms' } } },
    extensions: { file_storage: { directory: join(directory, 'journal') } },
    service: {
      extensions: ['file_storage'],
      telemetry: { metrics: { level: 'none' } },
      pipelines: { traces: { receivers: ['otlp'], exporters: ['langsmith'] } },
    },
  });
}

interface Run {
  readonly id: string;
  readonly name: string;
  readonly run_type: string;
  readonly parent_run_id?: string | null;
  readonly dotted_order: string;
  readonly total_tokens?: number | null;
  readonly start_time: string;
  readonly end_time: string;
}

async function query(sink: Sink): Promise<Run[]> {
  const answer = await fetch(`${sink.url}/runs/query`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"limit":100}',
  });
  const { runs } = (await answer.json()) as { runs: Run[] };
  return runs.sort((one, other) => (one.dotted_order < other.dotted_order ? -1 : 1));
}

async function arrived(sink: Sink, count: number): Promise<void> {
  const deadline = Date.now() + deliveryMs;
  while ((await query(sink)).length < count) {
    if (Date.now() > deadline) throw new Error(`the runs did not arrive within ${deliveryMs / 1_000} s`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** One line per run, indented by depth: runs are sorted by `dotted_order`, which is the order of the tree. */
function tree(runs: readonly Run[]): string {
  return runs
    .map(({ name, run_type, dotted_order, start_time, end_time, total_tokens }) => {
      const depth = dotted_order.split('.').length - 1;
      const label = `${'   '.repeat(Math.max(0, depth - 1))}${depth > 0 ? '└─ ' : ''}${name}`;
      const ms = Date.parse(end_time) - Date.parse(start_time);
      return `  ${label.padEnd(46)} ${run_type.padEnd(9)} ${`${ms} ms`.padStart(8)}${total_tokens ? `  ${total_tokens} tokens` : ''}`;
    })
    .join('\n');
}
