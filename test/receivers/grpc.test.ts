import grpc from '@grpc/grpc-js';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { itemCount, type Traces } from '../../src/model/batch.ts';
import { Fault } from '../../src/model/fault.ts';
import { transcodeLogs, transcodeTraces } from '../../src/otlp/otlp.ts';
import { logsJsonBody, type RunningReceiver, startReceiver, tracesJsonBody } from './running-receiver.ts';

const traceService = '/opentelemetry.proto.collector.trace.v1.TraceService/Export';
const logsService = '/opentelemetry.proto.collector.logs.v1.LogsService/Export';
const metricsService = '/opentelemetry.proto.collector.metrics.v1.MetricsService/Export';
const protobufBody = (): Buffer => Buffer.from(transcodeTraces(tracesJsonBody()));

let receiver: RunningReceiver;
let client: grpc.Client;

const open = (options: grpc.ChannelOptions = {}): grpc.Client =>
  new grpc.Client(receiver.grpcAddress, grpc.credentials.createInsecure(), options);

beforeEach(async () => {
  receiver = await startReceiver();
  client = open();
});

afterEach(async () => {
  client.close();
  await receiver.stop();
});

function call(path: string, body: Buffer, metadata = new grpc.Metadata(), using = client): Promise<Buffer> {
  const identity = (bytes: Buffer): Buffer => bytes;
  return new Promise((resolve, reject) => {
    using.makeUnaryRequest(path, identity, identity, body, metadata, (error, answer) =>
      error ? reject(error) : resolve(answer as Buffer),
    );
  });
}

const failure = (promise: Promise<unknown>): Promise<grpc.ServiceError> =>
  promise.then(
    () => Promise.reject(new Error('it succeeded')),
    (error: grpc.ServiceError) => error,
  );

describe('export', () => {
  test('traces are taken and answered', async () => {
    expect((await call(traceService, protobufBody())).toString('hex')).toBe('0a00');
    expect(receiver.batches.map(itemCount)).toEqual([1]);
  });

  test('logs are handed on, metrics are counted and dropped', async () => {
    await call(logsService, Buffer.from(transcodeLogs(logsJsonBody())));
    await call(metricsService, Buffer.alloc(0));
    expect(receiver.batches.map(({ signal }) => signal)).toEqual(['logs']);
  });

  test('gzip is understood', async () => {
    const compressing = open({ 'grpc.default_compression_algorithm': 2 });
    await call(traceService, protobufBody(), new grpc.Metadata(), compressing);
    compressing.close();
    expect(receiver.batches.length).toBe(1);
  });

  test('metadata travels with the batch', async () => {
    const metadata = new grpc.Metadata();
    metadata.set('langsmith-project', 'shop');
    metadata.set('x-api-key', 'k');
    await call(traceService, protobufBody(), metadata);
    const { caller } = receiver.batches[0] as Traces;
    expect(caller.metadata.get('langsmith-project')).toEqual(['shop']);
    expect(caller).toMatchObject({ transport: 'grpc', address: '127.0.0.1' });
  });

  test('messages up to 64 MiB are taken, larger ones get RESOURCE_EXHAUSTED without RetryInfo', async () => {
    const large = open({ 'grpc.max_send_message_length': -1 });
    const body = tracesJsonBody({ attributes: [{ key: 'text', value: { stringValue: 'x'.repeat(60 * 2 ** 20) } }] });
    await call(traceService, Buffer.from(transcodeTraces(body)), new grpc.Metadata(), large);
    expect(receiver.batches.length).toBe(1);
    const error = await failure(call(traceService, Buffer.alloc(65 * 2 ** 20), new grpc.Metadata(), large));
    expect(error.code).toBe(grpc.status.RESOURCE_EXHAUSTED);
    expect(error.metadata.get('grpc-status-details-bin')).toEqual([]);
    large.close();
  });
});

describe('refusals', () => {
  test('a message that is not OTLP gets INVALID_ARGUMENT', async () => {
    expect((await failure(call(traceService, Buffer.from([0xff, 0xff])))).code).toBe(grpc.status.INVALID_ARGUMENT);
  });

  test('back-pressure carries RetryInfo', async () => {
    receiver.consume = async () => {
      throw new Fault('GW_JOURNAL_FULL', 'cannot append: the journal is full', { retryAfterMs: 2_000 });
    };
    const full = await failure(call(traceService, protobufBody()));
    expect(full.code).toBe(grpc.status.RESOURCE_EXHAUSTED);
    expect((full.metadata.get('grpc-status-details-bin')[0] as Buffer).toString('latin1')).toContain(
      'type.googleapis.com/google.rpc.RetryInfo',
    );
    receiver.consume = async () => {
      throw new Fault('GW_JOURNAL_UNAVAILABLE', 'cannot append: the disk is full');
    };
    const unavailable = await failure(call(traceService, protobufBody()));
    expect(unavailable.code).toBe(grpc.status.UNAVAILABLE);
    expect(unavailable.metadata.get('grpc-status-details-bin').length).toBe(1);
  });

  test('an unknown service gets UNIMPLEMENTED', async () => {
    expect((await failure(call('/opentelemetry.proto.collector.profiles.v1.ProfilesService/Export', Buffer.alloc(0)))).code).toBe(
      grpc.status.UNIMPLEMENTED,
    );
  });

  test('signals without a pipeline can be refused', async () => {
    client.close();
    await receiver.stop();
    receiver = await startReceiver({ unsupported_signals: 'reject' });
    client = open();
    expect((await failure(call(metricsService, Buffer.alloc(0)))).code).toBe(grpc.status.UNIMPLEMENTED);
  });
});

test('a stop lets the calls under way finish', async () => {
  let finish = (): void => {};
  const seen = new Promise<void>((resolve) => {
    const original = receiver.consume;
    receiver.consume = (batch) => {
      resolve();
      return new Promise<void>((done) => {
        finish = done;
      }).then(() => original(batch));
    };
  });
  const underWay = call(traceService, protobufBody());
  await seen;
  const stopped = receiver.stop(10_000);
  finish();
  expect((await underWay).toString('hex')).toBe('0a00');
  await stopped;
});
