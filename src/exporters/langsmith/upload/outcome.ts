import type { Outcome } from '../../../model/destination.ts';
import { retryAfterMs } from '../../retry/retry-after.ts';

/** Where a body was posted. */
export type Path = '/runs/multipart' | '/runs/batch' | '/feedback';

export interface Answer {
  readonly status: number;
  readonly retryAfter: string | undefined;
  /** The server's text, capped. */
  readonly text: string;
}

/** The wait that LangSmith's own clients use for a 429 that names none (langsmith-ingest §5.3). */
export const unnamedWaitMs = 10_000;

/**
 * What an answer means for the batch (langsmith-ingest §5.3). Closed and cautious: whatever is not known to be one run's fault keeps the data,
 * either by trying again or by stopping the lane until the operator has looked.
 */
export function outcomeOf(answer: Answer, path: Path, nowMs: number): Outcome {
  const { status, text } = answer;
  if (status >= 200 && status < 300) return { kind: 'delivered', status };
  if (status >= 500) return retry(answer, nowMs);
  switch (status) {
    case 400:
    case 422:
      return { kind: 'rejected', status, text };
    case 404:
    case 405:
      return notFound(answer, path);
    case 408:
    case 421:
    case 423:
    case 424:
    case 425:
    case 499:
      return retry(answer, nowMs);
    case 429: {
      const named = retryAfterMs(answer.retryAfter, nowMs);
      return { kind: 'retry', status, text, retryAfterMs: named ?? unnamedWaitMs, pauseLane: true };
    }
    case 409:
      return { kind: 'duplicate', status, text };
    case 413:
      return { kind: 'too_large', status, text };
    default:
      return { kind: 'refused', status, text };
  }
}

/** No answer: refused connection, reset, timeout. The server may have stored the runs all the same. */
export function outcomeOfError(code: string): Outcome {
  return { kind: 'retry', status: 0, text: code, retryAfterMs: undefined, pauseLane: false };
}

function retry(answer: Answer, nowMs: number): Outcome {
  const waitMs = retryAfterMs(answer.retryAfter, nowMs);
  return { kind: 'retry', status: answer.status, text: answer.text, retryAfterMs: waitMs, pauseLane: waitMs !== undefined };
}

/**
 * A run that names a project id which does not exist gets a 404, too. That is this run's fault and may be a client's doing, so its siblings
 * must not stop for it.
 */
function notFound({ status, text }: Answer, path: Path): Outcome {
  if (/session not found/i.test(text)) return { kind: 'rejected', status, text };
  return path === '/runs/multipart' ? { kind: 'no_multipart', status } : { kind: 'refused', status, text };
}

/** What the operator reads when a lane stops. Fixed sentences: a server's text may quote the request. */
export function refusalSentence(outcome: Extract<Outcome, { kind: 'refused' }>): string {
  const { status, text } = outcome;
  // No server has spoken: the text is our own.
  if (status === 0) return text;
  if (/org_scoped_key_requires_workspace/.test(text))
    return 'LangSmith wants to know the workspace for this API key: set workspace_id (or LANGSMITH_WORKSPACE_ID); runs are kept until then';
  if (status === 401) return 'LangSmith does not know this API key: check api_key (or LANGSMITH_API_KEY); runs are kept until then';
  if (status === 403)
    return 'LangSmith forbids this API key to write here: check that api_key, workspace_id and the region of endpoint belong together; runs are kept until then';
  if (status === 404 || status === 405)
    return 'there is no LangSmith at this endpoint: check it (a self-hosted LangSmith answers behind /api/v1); runs are kept until then';
  if (status === 402) return 'LangSmith wants a payment method for this account; runs are kept until then';
  if (status >= 300 && status < 400)
    return 'the endpoint answers with a redirect, which is not followed with an API key: write the final address into endpoint; runs are kept until then';
  return 'LangSmith refuses every request for a reason that is not in the runs: see the status; runs are kept until then';
}
