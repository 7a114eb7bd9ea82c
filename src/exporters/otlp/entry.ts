/**
 * A journal entry: one export request.
 *
 *   u8 version · u8 kind (2) · 8 bytes: which run of which gateway appended it · u8 signal · `Export…ServiceRequest` in protobuf, to the end
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
}

export type Content =
  | { readonly kind: 'command'; readonly command: Command }
  | { readonly kind: 'request'; readonly request: ExportRequest; readonly receiver: string };

const version = 1;
const requestKind = 2;
const receiverAt = 2;
export const receiverBytes = 8;
const signalAt = receiverAt + receiverBytes;
const bodyAt = signalAt + 1;
const signals = ['traces', 'logs'] as const;

/** `receiver`: 16 hex digits. */
export function encodeEntry({ signal, body }: ExportRequest, receiver: string): Bytes {
  const payload = bytes.allocUnsafeSlow(bodyAt + body.length);
  payload[0] = version;
  payload[1] = requestKind;
  payload.hexWrite(receiver, receiverAt);
  payload[signalAt] = signals.indexOf(signal);
  body.copy(payload, bodyAt);
  return payload;
}

/** Throws `GW_JOURNAL_CORRUPT`. The body is a range of the payload. */
export function decodeEntry({ payload, items }: Entry): Content {
  if (payload?.[0] === version && payload[1] === commandKind) return { kind: 'command', command: decodeCommand(payload) };
  const signal = payload === undefined ? undefined : signals[payload[signalAt] as number];
  if (payload?.[0] !== version || payload[1] !== requestKind || signal === undefined)
    throw new Fault('GW_JOURNAL_CORRUPT', 'cannot read journal entry: it is damaged or of a newer version');
  return {
    kind: 'request',
    request: { signal, body: payload.subarray(bodyAt), items },
    receiver: payload.hexSlice(receiverAt, signalAt),
  };
}
