/**
 * What a server answers to an export. A server that breaks the protocol must not break us: what cannot be read counts as not said.
 * Source: opentelemetry-proto collector/…_service.proto; google/rpc/status.proto, error_details.proto.
 */
import { type Bytes, noBytes } from '../model/bytes.ts';
import type { Encoding, PartialSuccess } from './answer-messages.ts';
import { ProtobufReader, Wire } from './protobuf-reader.ts';

const nothing: PartialSuccess = { rejected: 0, message: '' };

/** Of an `Export…ServiceResponse`. */
export function readPartialSuccess(body: Bytes, encoding: Encoding): PartialSuccess {
  try {
    return encoding === 'json' ? partialOfJson(body) : partialOfProtobuf(body);
  } catch {
    return nothing;
  }
}

/** The message of a `google.rpc.Status`, and the delay of its RetryInfo detail in ms if it has one. */
export interface StatusAnswer {
  readonly message: string;
  readonly retryAfterMs: number | undefined;
}

/** Of a `google.rpc.Status` in protobuf; `undefined` if it is none. */
export function readStatus(body: Bytes): StatusAnswer | undefined {
  try {
    let message = '';
    let retryAfterMs: number | undefined;
    for (const { number, content } of fieldsOf(body)) {
      if (number === 2) message = content.utf8Slice();
      else if (number === 3) retryAfterMs ??= retryDelayOf(content);
    }
    return { message, retryAfterMs };
  } catch {
    return undefined;
  }
}

function partialOfJson(body: Bytes): PartialSuccess {
  const { partialSuccess = {} } = JSON.parse(body.utf8Slice()) as { readonly partialSuccess?: Readonly<Record<string, unknown>> };
  const { rejectedSpans, rejectedLogRecords, errorMessage } = partialSuccess;
  const rejected = Number(rejectedSpans ?? rejectedLogRecords ?? 0);
  return {
    rejected: Number.isSafeInteger(rejected) && rejected > 0 ? rejected : 0,
    message: typeof errorMessage === 'string' ? errorMessage : '',
  };
}

function partialOfProtobuf(body: Bytes): PartialSuccess {
  let { rejected, message } = nothing;
  for (const { number, content } of fieldsOf(body)) {
    if (number !== 1) continue;
    for (const field of fieldsOf(content)) {
      if (field.number === 1) rejected = field.value;
      else if (field.number === 2) message = field.content.utf8Slice();
    }
  }
  return { rejected: Math.max(0, rejected), message };
}

/** An `Any` that holds a RetryInfo: `retry_delay` is a Duration of seconds and nanoseconds. */
function retryDelayOf(any: Bytes): number | undefined {
  let type = '';
  let info = noBytes;
  for (const { number, content } of fieldsOf(any)) {
    if (number === 1) type = content.utf8Slice();
    else if (number === 2) info = content;
  }
  if (!type.endsWith('/google.rpc.RetryInfo')) return undefined;
  let delayMs = 0;
  for (const delay of fieldsOf(info)) {
    if (delay.number !== 1) continue;
    for (const { number, value } of fieldsOf(delay.content)) delayMs += number === 1 ? value * 1_000 : value / 1e6;
  }
  return Math.max(0, Math.ceil(delayMs));
}

interface Field {
  readonly number: number;
  /** Of a varint, its low 32 bits. */
  readonly value: number;
  /** Of a string, bytes or message. */
  readonly content: Bytes;
}

function* fieldsOf(source: Bytes): Generator<Field> {
  const reader = new ProtobufReader(source);
  const end = source.length;
  while (reader.at < end) {
    const tag = reader.tag();
    const number = tag >>> 3;
    if ((tag & 7) === Wire.varint) yield { number, value: reader.int32(), content: noBytes };
    else if ((tag & 7) === Wire.block) {
      const to = reader.block(end);
      yield { number, value: 0, content: source.subarray(reader.at, to) };
      reader.at = to;
    } else reader.skip(tag, end);
  }
}
