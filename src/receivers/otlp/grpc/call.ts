/** One unary call: its message comes in, is handed on, and is answered. */
import type { IncomingHttpHeaders, ServerHttp2Stream } from 'node:http2';
import { asBytes } from '../../../model/bytes.ts';
import { Fault } from '../../../model/fault.ts';
import { free } from '../../../model/free.ts';
import { exportResponse } from '../../../otlp/otlp.ts';
import type { GrpcConfig } from '../config.ts';
import { decodeBody } from '../encoding.ts';
import type { Entrance, Metadata, Visitor } from '../entrance.ts';
import type { ExportSignal, Exports } from '../export.ts';
import type { Hold, InFlight } from '../in-flight.ts';
import { answer, isOver, refuse, refuseLate, refuseProtocol, refuseUnknown } from './answer.ts';
import { watchDeadline } from './deadline.ts';
import { type Message, MessageReader } from './message.ts';

export interface CallDeps {
  readonly exports: Exports;
  readonly entrance: Entrance;
  readonly inFlight: InFlight;
}

const paths: ReadonlyMap<string, ExportSignal> = new Map([
  ['/opentelemetry.proto.collector.trace.v1.TraceService/Export', 'traces'],
  ['/opentelemetry.proto.collector.logs.v1.LogsService/Export', 'logs'],
  ['/opentelemetry.proto.collector.metrics.v1.MetricsService/Export', 'metrics'],
]);

/** Node tells clients of such a limit, and does not hold them to it. */
export const headerBytesMax = 32 * 1_024;

/** Never rejects. */
export async function serveCall(
  stream: ServerHttp2Stream,
  headers: IncomingHttpHeaders,
  rawHeaders: readonly string[],
  config: GrpcConfig,
  deps: CallDeps,
): Promise<void> {
  if (headers[':method'] !== 'POST' || !/^application\/grpc(?:\+proto)?(?:;|$)/.test(headers['content-type'] ?? ''))
    return refuseProtocol(stream, 415);
  if (sizeOf(rawHeaders) > headerBytesMax) return refuseProtocol(stream, 431);
  watchDeadline(stream, headers['grpc-timeout'], () => refuseLate(stream));
  try {
    const visitor = await deps.entrance.enter(() => metadataOf(rawHeaders), stream.session?.socket?.remoteAddress ?? '');
    const signal = paths.get(headers[':path'] ?? '');
    if (signal === undefined || !deps.exports.takes(signal)) return refuseUnknown(stream);
    const encoding = `${headers['grpc-encoding'] ?? 'identity'}`.toLowerCase();
    answer(stream, await exported(stream, signal, encoding, visitor, config, deps));
  } catch (error) {
    refuse(stream, Fault.of(error));
  }
}

async function exported(
  stream: ServerHttp2Stream,
  signal: ExportSignal,
  encoding: string,
  visitor: Visitor,
  config: GrpcConfig,
  { exports, inFlight }: CallDeps,
): Promise<Uint8Array> {
  const bytesMax = config.max_recv_msg_size_mib * 2 ** 20;
  visitor.spend('requests', 1);
  visitor.spend('bytes', 0);
  const hold = inFlight.open(visitor.caller.address);
  try {
    const message = await readMessage(stream, bytesMax, config, hold);
    visitor.spend('bytes', message.body.length);
    const body = message.isCompressed ? await decodeBody(message.body, encoding, bytesMax, hold) : message.body;
    // The client will send it again: what was not handed on yet need not be held twice.
    if (isOver(stream)) throw gaveUp();
    const { rejected, message: text } = await exports.export(signal, asBytes(body), 'protobuf', visitor);
    // All of it is held elsewhere. After a failure some pipeline may still be reading it.
    free(asBytes(body));
    free(asBytes(message.whole));
    return exportResponse(signal, { rejected, message: text }, 'protobuf');
  } finally {
    hold.close();
  }
}

/** A client that is too slow loses the call. */
function readMessage(
  stream: ServerHttp2Stream,
  bytesMax: number,
  { read_timeout: readMs, body_idle_timeout: idleMs }: GrpcConfig,
  hold: Hold,
): Promise<Message> {
  const reader = new MessageReader(bytesMax);
  return new Promise((resolve, reject) => {
    const slow = (): void => fail(new Fault('GW_RECEIVE_TOO_BUSY', 'cannot read the call: it comes too slowly'));
    const timer = setTimeout(slow, readMs);
    stream.setTimeout(idleMs, slow);
    const leave = (): void => {
      clearTimeout(timer);
      stream.setTimeout(0);
      stream.removeAllListeners('data');
    };
    const fail = (error: unknown): void => {
      leave();
      reject(error);
    };
    stream.on('data', (chunk: Buffer) => {
      try {
        hold.take(chunk.length);
        reader.add(chunk);
      } catch (error) {
        fail(error);
      }
    });
    stream.once('end', () => {
      leave();
      try {
        resolve(reader.finish());
      } catch (error) {
        reject(error);
      }
    });
    stream.once('close', () => fail(gaveUp()));
  });
}

function gaveUp(): Fault {
  return new Fault('GW_RECEIVE_BAD_BODY', 'cannot read the call: the client gave it up');
}

function sizeOf(rawHeaders: readonly string[]): number {
  let size = 0;
  for (const text of rawHeaders) size += text.length;
  return size;
}

/** Without what belongs to the protocol. Binary metadata (`…-bin`) names nothing that is read here. */
function metadataOf(rawHeaders: readonly string[]): Metadata {
  const metadata = new Map<string, string[]>();
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    const name = rawHeaders[at] as string;
    if (name.startsWith(':') || name.startsWith('grpc-') || name.endsWith('-bin') || name === 'te' || name === 'content-type') continue;
    const values = metadata.get(name);
    if (values) values.push(rawHeaders[at + 1] as string);
    else metadata.set(name, [rawHeaders[at + 1] as string]);
  }
  return metadata;
}
