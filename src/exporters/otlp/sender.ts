import type { Signal } from '../../model/batch.ts';
import { Fault } from '../../model/fault.ts';
import type { Headers } from '../sealing/caller-headers.ts';
import type { ExportRequest } from './entry.ts';

/** How a request ended. Closed: whoever gets one handles all of them. `text`: the server's own words, capped; they may quote payload, so no log shows them. */
export type Answer =
  /** `rejected` items were not taken, and must not be sent again (OTLP partial success). */
  | { readonly kind: 'delivered'; readonly status: number; readonly rejected: number; readonly text: string }
  /** The same bytes again, later. */
  | { readonly kind: 'retry'; readonly status: number; readonly text: string; readonly retryAfterMs: number | undefined }
  /** Halves. */
  | { readonly kind: 'too_large'; readonly status: number; readonly text: string }
  /** Not this data but this client is unwelcome: nothing is sent until the operator has looked, except a probe from time to time. */
  | { readonly kind: 'refused'; readonly status: number; readonly text: string }
  /** The server will never take this request. */
  | { readonly kind: 'rejected'; readonly status: number; readonly text: string };

/** Requests to one backend. */
export interface Sender {
  /** For an operator; without secrets. */
  readonly endpoint: string;
  takes(signal: Signal): boolean;
  /** Never rejects: every way to fail is an `Answer`. One that was cut off by `stop` is a retry. */
  send(request: ExportRequest, stop: AbortSignal): Promise<Answer>;
  close(): Promise<void>;
}

/** Throws `GW_CONFIG_INVALID` if no endpoint is for this signal. */
export function checkSignal(id: string, sender: Sender, signal: Signal): void {
  if (!sender.takes(signal))
    throw new Fault('GW_CONFIG_INVALID', `cannot export ${signal} to "${id}": it has no endpoint for them`, {
      hint: `set ${signal}_endpoint, or take the exporter out of the pipelines of ${signal}`,
    });
}

/** Of an answer this much is kept. */
const textCharactersMax = 4_096;

/** The headers of a request; `undefined` if the key that sealed them is not known here. */
export type HeadersOf = (request: ExportRequest) => Headers | undefined;

/** Nothing can be sent, and the data is kept as a dead letter, from where it can be sent again once the key is known. */
export const notUnsealed: Answer = {
  kind: 'rejected',
  status: 0,
  text: 'not sent: the key that sealed its headers is not known here; put it back into key_sealing::key and replay',
};

/** What blames the data and not the request as such: HTTP 400 and 422, gRPC INVALID_ARGUMENT. */
const dataStatuses: ReadonlySet<number> = new Set([400, 422, 3]);

export function blamesData({ kind, status }: Answer): boolean {
  return kind === 'rejected' && dataStatuses.has(status);
}

/** Headers that came with the data are that caller's trouble: refused ones must not stop everybody else's requests. */
export function answerTo({ sealedHeaders }: ExportRequest, answer: Answer): Answer {
  return answer.kind === 'refused' && sealedHeaders !== '' ? { ...answer, kind: 'rejected' } : answer;
}

/** A server that quotes a key in its answer must not bring it into a dead letter. */
export function serverText(text: string, headers: Headers): string {
  let clean = text.slice(0, textCharactersMax);
  for (const value of headers.values()) if (!value.empty) clean = clean.replaceAll(value.reveal(), '[REDACTED]');
  return clean;
}
