/** Ends of a call. Source: gRPC over HTTP2, "Responses"; its status codes. */
import { constants, type OutgoingHttpHeaders, type ServerHttp2Stream } from 'node:http2';
import type { Fault } from '../../../model/fault.ts';
import { statusMessage } from '../../../otlp/otlp.ts';
import { codesOf, retryAfterMs, textOf } from '../answer.ts';
import { framed } from './message.ts';

const begin = { ':status': 200, 'content-type': 'application/grpc', 'grpc-accept-encoding': 'identity,deflate,gzip,zstd' };
const ok = { 'grpc-status': '0' };

/** Whether nobody waits for an answer any more: the client gave up, or has one. */
export function isOver(stream: ServerHttp2Stream): boolean {
  return stream.closed || stream.destroyed || stream.headersSent;
}

export function answer(stream: ServerHttp2Stream, body: Uint8Array): void {
  if (isOver(stream)) return;
  stream.respond(begin, { waitForTrailers: true });
  stream.once('wantTrailers', () => stream.sendTrailers(ok));
  stream.end(framed(body));
}

/** Retryable faults carry `google.rpc.Status` with RetryInfo, without which clients must not retry RESOURCE_EXHAUSTED. */
export function refuse(stream: ServerHttp2Stream, fault: Fault): void {
  const { grpc } = codesOf(fault);
  const text = textOf(fault);
  const retryMs = retryAfterMs(fault);
  const details = retryMs === undefined ? {} : { 'grpc-status-details-bin': base64(statusMessage(grpc, text, retryMs, 'protobuf')) };
  end(stream, { ...begin, 'grpc-status': grpc, 'grpc-message': percentEncoded(text), ...details });
}

export function refuseUnknown(stream: ServerHttp2Stream): void {
  end(stream, { ...begin, 'grpc-status': 12, 'grpc-message': 'unknown service or method' });
}

/** Nobody waits any more. What is held by then stays held, and is recognised when the client sends it again. */
export function refuseLate(stream: ServerHttp2Stream): void {
  end(stream, { ...begin, 'grpc-status': 4, 'grpc-message': 'the deadline of the call has passed' });
}

/** A plain status of HTTP: whoever does not speak gRPC would not find its own. */
export function refuseProtocol(stream: ServerHttp2Stream, status: 415 | 431): void {
  end(stream, { ':status': status });
}

/** The answer is whole; what the client still sends of its request is not read. */
function end(stream: ServerHttp2Stream, headers: OutgoingHttpHeaders): void {
  if (isOver(stream)) return;
  stream.respond(headers, { endStream: true });
  if (!stream.readableEnded) stream.close(constants.NGHTTP2_NO_ERROR);
}

function base64(body: Uint8Array): string {
  return Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('base64').replace(/=+$/, '');
}

function percentEncoded(text: string): string {
  if (/^[\x20-\x24\x26-\x7e]*$/.test(text)) return text;
  let encoded = '';
  for (const byte of Buffer.from(text))
    encoded +=
      byte >= 0x20 && byte <= 0x7e && byte !== 0x25 ? String.fromCharCode(byte) : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  return encoded;
}
