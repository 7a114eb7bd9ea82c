/** Clients: well-behaved ones, and raw sockets for all others. */
import { connect, type Socket } from 'node:net';
import grpc from '@grpc/grpc-js';
import { transcodeTraces } from '../../src/otlp/otlp.ts';
import { until as untilTold } from '../e2e/harness.ts';
import { type RunningReceiver, tracesJsonBody } from '../receivers/running-receiver.ts';

export const traceService = '/opentelemetry.proto.collector.trace.v1.TraceService/Export';
export const protobufBody = (): Buffer => Buffer.from(transcodeTraces(tracesJsonBody()));
const same = (bytes: Buffer): Buffer => bytes;

export function grpcClient(
  { grpcAddress }: RunningReceiver,
  credentials = grpc.credentials.createInsecure(),
  options: grpc.ChannelOptions = {},
): grpc.Client {
  // Of its own, so that one test does not use the connection of another.
  return new grpc.Client(grpcAddress, credentials, { 'grpc.use_local_subchannel_pool': 1, ...options });
}

/** Resolves with the error, if there was one. */
export function call(
  client: grpc.Client,
  body = protobufBody(),
  metadata = new grpc.Metadata(),
  deadlineMs = 20_000,
): Promise<grpc.ServiceError | undefined> {
  return new Promise((resolve) => {
    client.makeUnaryRequest(traceService, same, same, body, metadata, { deadline: Date.now() + deadlineMs }, (error) =>
      resolve(error ?? undefined),
    );
  });
}

export function post(
  { url }: RunningReceiver,
  body: string | Uint8Array = tracesJsonBody(),
  headers: Record<string, string> = {},
): Promise<Response> {
  const type = typeof body === 'string' ? 'application/json' : 'application/x-protobuf';
  return fetch(`${url}/v1/traces`, {
    method: 'POST',
    headers: { 'content-type': type, ...headers },
    body: body as NonNullable<RequestInit['body']>,
  });
}

/** Sends over both protocols, one request after another, until `stop`; the outcomes other than success are what `stop` resolves with. */
export function keepSending(receiver: RunningReceiver): { readonly stop: () => Promise<{ sent: number; failures: string[] }> } {
  const client = grpcClient(receiver);
  const failures: string[] = [];
  let sent = 0;
  let stopping = false;
  const loop = async (send: () => Promise<string | undefined>): Promise<void> => {
    do {
      const failure = await send();
      sent += 1;
      if (failure !== undefined) failures.push(failure);
    } while (!stopping);
  };
  const overHttp = async (): Promise<string | undefined> => {
    const response = await post(receiver);
    const text = await response.text();
    return response.status === 200 ? undefined : `${response.status} ${text}`;
  };
  const ended = Promise.all([loop(overHttp), loop(async () => (await call(client))?.message)]);
  return {
    stop: async () => {
      stopping = true;
      await ended;
      client.close();
      return { sent, failures };
    },
  };
}

export interface Raw {
  readonly socket: Socket;
  /** Everything that came, as latin1. */
  text(): string;
  readonly closed: Promise<void>;
}

export async function raw(port: number): Promise<Raw> {
  const socket = connect(port, '127.0.0.1');
  let text = '';
  socket.setEncoding('latin1').on('data', (chunk: string) => {
    text += chunk;
  });
  socket.on('error', () => {});
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  await new Promise<void>((resolve) => socket.once('connect', resolve).once('close', resolve));
  return { socket, text: () => text, closed };
}

/** Sends as much as it says and resolves with the answer when the server has closed. */
export async function answerTo(port: number, request: string | Uint8Array): Promise<string> {
  const { socket, text, closed } = await raw(port);
  socket.write(request);
  await closed;
  return text();
}

export const portOf = (address: string): number => Number(address.split(':').at(-1));

/** Where nothing can be said of what is waited for. */
export function until(done: () => boolean | Promise<boolean>): Promise<void> {
  return untilTold(done, () => `${done}`);
}
