import type { Bytes } from './bytes.ts';
import type { Secret } from './secret.ts';

export interface HttpQuestion {
  readonly url: string;
  /** Beside the content type, which is JSON. Names in lower case. */
  readonly headers: ReadonlyMap<string, Secret>;
  readonly body: string;
  /** From now to the end of the answer. */
  readonly timeoutMs: number;
  /** Longest answer that is read. */
  readonly answerBytesMax: number;
}

export interface HttpAnswer {
  readonly status: number;
  readonly body: Bytes;
}

/** Asks by HTTP. Rejects with an `Error` whose `code` says why there is no answer: a code of the network, `TIMEOUT` or `TOO_LARGE`. */
export type HttpPost = (question: HttpQuestion) => Promise<HttpAnswer>;
