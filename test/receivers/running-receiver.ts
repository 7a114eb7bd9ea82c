/** A real receiver on free ports with a consumer that tests steer. */
import { type Batch, itemCount } from '../../src/model/batch.ts';
import type { AllowanceOf, Consume } from '../../src/model/component.ts';
import { issueReceipt } from '../../src/model/receipt.ts';
import { receiverSchema } from '../../src/receivers/otlp/config.ts';
import { OtlpReceiver } from '../../src/receivers/otlp/receiver.ts';
import { systemClock } from '../../src/service/clock.ts';
import { Metrics } from '../../src/service/telemetry/metrics.ts';
import { Telemetry } from '../../src/service/telemetry/telemetry.ts';

export interface RunningReceiver {
  readonly url: string;
  readonly httpPort: number;
  readonly grpcAddress: string;
  readonly batches: Batch[];
  readonly lines: string[];
  metrics(): Promise<string>;
  degradations(): ReturnType<Telemetry['degradations']>;
  /** Bytes of requests that it holds. */
  heldBytes(): number;
  /** What the next batches meet; by default they are held. */
  consume: Consume;
  stop(graceMs?: number): Promise<void>;
}

interface Options {
  readonly http?: Record<string, unknown>;
  readonly grpc?: Record<string, unknown>;
  readonly unsupported_signals?: 'accept_and_drop' | 'reject';
  readonly withoutLogs?: boolean;
  readonly limiter?: AllowanceOf;
}

export async function startReceiver(options: Options = {}): Promise<RunningReceiver> {
  const lines: string[] = [];
  const telemetry = new Telemetry(
    new Metrics(Date.now(), Date.now),
    (level, sentence, facts) => void lines.push(`${level} ${sentence} ${JSON.stringify(facts)}`),
    Date.now,
  );
  const config = receiverSchema.parse({
    protocols: { http: { endpoint: '127.0.0.1:0', ...options.http }, grpc: { endpoint: '127.0.0.1:0', ...options.grpc } },
    ...(options.unsupported_signals ? { unsupported_signals: options.unsupported_signals } : {}),
  });
  const running = {
    batches: [] as Batch[],
    consume: async (batch: Batch) => {
      running.batches.push(batch);
      return issueReceipt('memory', itemCount(batch));
    },
  };
  const consume: Consume = (batch) => running.consume(batch);
  const receiver = new OtlpReceiver(config, {
    id: 'otlp',
    observer: telemetry,
    clock: systemClock,
    consumeTraces: consume,
    consumeLogs: options.withoutLogs ? undefined : consume,
    authenticator: () => async () => new Map(),
    limiter: () => options.limiter ?? (() => ({ spend: () => {} })),
  });
  await receiver.start();
  const { http, grpc } = receiver.addresses();
  return Object.assign(running, {
    url: `http://127.0.0.1:${http?.port}`,
    httpPort: http?.port ?? 0,
    grpcAddress: `127.0.0.1:${grpc?.port}`,
    lines,
    metrics: () => telemetry.metrics.text(),
    degradations: () => telemetry.degradations(),
    heldBytes: () => receiver.heldBytes,
    stop: (graceMs = 1_000) => receiver.stop(Date.now() + graceMs),
  });
}

export const traceId = '0af7651916cd43dd8448eb211c80319c';
export const spanId = 'b7ad6b7169203331';

/** One span as OTLP/JSON. */
export function tracesJsonBody(overrides: Record<string, unknown> = {}): string {
  const span = {
    traceId,
    spanId,
    name: 'chat',
    kind: 3,
    startTimeUnixNano: '1767225600000000000',
    endTimeUnixNano: '1767225602000000000',
    ...overrides,
  };
  return JSON.stringify({ resourceSpans: [{ resource: { attributes: [] }, scopeSpans: [{ scope: { name: 's' }, spans: [span] }] }] });
}

export function logsJsonBody(): string {
  const record = { timeUnixNano: '1767225600000000000', body: { stringValue: 'hello' }, traceId, spanId };
  return JSON.stringify({ resourceLogs: [{ scopeLogs: [{ logRecords: [record] }] }] });
}
