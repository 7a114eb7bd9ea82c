/**
 * A journal entry: one export request.
 *
 *   u8 version · u8 kind (2) · 8 bytes: which run of which gateway appended it · u8 signal · `Export…ServiceRequest` in protobuf, to the end
 *   u8 version · u8 kind (3) · 8 bytes: the same · u8 signal · u32 length · headers that came with the data, sealed · the same, to the end
 *
 * Kind 1 is a command of an operator (`dead-letters/command.ts`).
 */
import type { Entry } from '../../journal/journal.ts';
import type { Signal } from '../../model/batch.ts';
import { type Bytes, bytes } from '../../model/bytes.ts';
import { Fault } from '../../model/fault.ts';
import { type Command, commandKind, decodeCommand } from '../dead-letters/command.ts';

/** What one request carries. */
export interface ExportRequest {
  readonly signal: Signal;
  /** Protobuf. */
  readonly body: Bytes;
  /** Spans or log records. */
  readonly items: number;
  /** Headers that came with the data, sealed (`sealing/caller-headers.ts`); '' = those of the configuration. */
  readonly sealedHeaders: string;
}

export type Content =
  | { readonly kind: 'command'; readonly command: Command }
  | { readonly kind: 'request'; readonly request: ExportRequest; readonly receiver: string };

const version = 1;
const requestKind = 2;
const headedKind = 3;
const receiverAt = 2;
export const receiverBytes = 8;
const signalAt = receiverAt + receiverBytes;
const bodyAt = signalAt + 1;
const lengthBytes = 4;
const signals = ['traces', 'logs'] as const;

/** `receiver`: 16 hex digits. */
export function encodeEntry({ signal, body, sealedHeaders }: ExportRequest, receiver: string): Bytes {
  const headed = sealedHeaders !== '';
  const start = headed ? bodyAt + lengthBytes + sealedHeaders.length : bodyAt;
  const payload = bytes.allocUnsafeSlow(start + body.length);
  payload[0] = version;
  payload[1] = headed ? headedKind : requestKind;
  payload.hexWrite(receiver, receiverAt);
  payload[signalAt] = signals.indexOf(signal);
  if (headed) {
    viewOf(payload).setUint32(bodyAt, sealedHeaders.length, true);
    payload.latin1Write(sealedHeaders, bodyAt + lengthBytes);
  }
  body.copy(payload, start);
  return payload;
}

/** Throws `GW_JOURNAL_CORRUPT`. The body is a range of the payload. */
export function decodeEntry({ payload, items }: Entry): Content {
  if (payload?.[0] === version && payload[1] === commandKind) return { kind: 'command', command: decodeCommand(payload) };
  const signal = payload === undefined ? undefined : signals[payload[signalAt] as number];
  const headed = payload?.[1] === headedKind;
  if (payload?.[0] !== version || (payload[1] !== requestKind && !headed) || signal === undefined) throw damaged();
  const receiver = payload.hexSlice(receiverAt, signalAt);
  if (!headed) return { kind: 'request', request: { signal, body: payload.subarray(bodyAt), items, sealedHeaders: '' }, receiver };
  const headersAt = bodyAt + lengthBytes;
  const start = payload.length < headersAt ? Number.POSITIVE_INFINITY : headersAt + viewOf(payload).getUint32(bodyAt, true);
  if (start > payload.length) throw damaged();
  const sealedHeaders = payload.latin1Slice(headersAt, start);
  return { kind: 'request', request: { signal, body: payload.subarray(start), items, sealedHeaders }, receiver };
}

function viewOf(payload: Bytes): DataView {
  return new DataView(payload.buffer, payload.byteOffset, payload.byteLength);
}

function damaged(): Fault {
  return new Fault('GW_JOURNAL_CORRUPT', 'cannot read journal entry: it is damaged or of a newer version');
}
