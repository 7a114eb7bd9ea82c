import { type Bytes, bytes } from '../model/bytes.ts';
import { Wire } from './protobuf-reader.ts';
import { ProtobufWriter } from './protobuf-writer.ts';
import type { AnySignal } from './signal-check.ts';

export type Encoding = 'protobuf' | 'json';

/** What of an accepted request was not accepted: nothing is `{ rejected: 0, message: '' }`. */
export interface PartialSuccess {
  readonly rejected: number;
  readonly message: string;
}

const rejectedName: Readonly<Record<AnySignal, string>> = {
  traces: 'rejectedSpans',
  logs: 'rejectedLogRecords',
  metrics: 'rejectedDataPoints',
};

/** What nearly every request is answered. */
const accepted: Readonly<Record<Encoding, Bytes>> = {
  protobuf: bytes.from('0a00', 'hex'),
  json: bytes.from('{"partialSuccess":{}}'),
};

const retryInfoType = 'type.googleapis.com/google.rpc.RetryInfo';

/**
 * An `Export…ServiceResponse`. As in the Collector, `partial_success` is always present, and empty when all was accepted.
 * Source: opentelemetry-proto collector/…_service.proto.
 */
export function exportResponse(signal: AnySignal, { rejected, message }: PartialSuccess, encoding: Encoding): Bytes {
  if (rejected === 0 && message === '') return accepted[encoding];
  if (encoding === 'json') {
    const partialSuccess: Record<string, string> = {};
    if (rejected > 0) partialSuccess[rejectedName[signal]] = `${rejected}`;
    if (message !== '') partialSuccess.errorMessage = message;
    return bytes.from(JSON.stringify({ partialSuccess }));
  }
  const writer = new ProtobufWriter(64 + message.length);
  const opened = writer.open(1);
  if (rejected > 0) {
    writer.tag(1, Wire.varint);
    writer.int64(BigInt(rejected));
  }
  if (message !== '') writer.text(2, message);
  writer.close(opened);
  return writer.finish();
}

/** A `google.rpc.Status`, with a `RetryInfo` detail if a time to wait is given. */
export function statusMessage(grpcCode: number, message: string, retryAfterMs: number | undefined, encoding: Encoding): Bytes {
  if (encoding === 'json') {
    const details = retryAfterMs === undefined ? [] : [{ '@type': retryInfoType, retryDelay: `${(retryAfterMs / 1000).toFixed(3)}s` }];
    return bytes.from(JSON.stringify({ code: grpcCode, message, ...(details.length === 0 ? {} : { details }) }));
  }
  const writer = new ProtobufWriter(128 + message.length);
  if (grpcCode !== 0) {
    writer.tag(1, Wire.varint);
    writer.int32(grpcCode);
  }
  if (message !== '') writer.text(2, message);
  if (retryAfterMs !== undefined) {
    const detail = writer.open(3);
    writer.text(1, retryInfoType);
    const value = writer.open(2);
    writeRetryInfo(writer, retryAfterMs);
    writer.close(value);
    writer.close(detail);
  }
  return writer.finish();
}

function writeRetryInfo(writer: ProtobufWriter, retryAfterMs: number): void {
  const seconds = Math.floor(retryAfterMs / 1000);
  const delay = writer.open(1);
  writer.tag(1, Wire.varint);
  writer.int64(BigInt(seconds));
  writer.tag(2, Wire.varint);
  writer.int32(Math.round((retryAfterMs - seconds * 1000) * 1e6));
  writer.close(delay);
}
