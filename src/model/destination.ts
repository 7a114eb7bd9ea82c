import type { Secret } from './secret.ts';

/** Whose account runs go to. A batch has exactly one; two runs share a batch only if all of this is equal. */
export interface Destination {
  /** Base URL without a trailing slash and `/otel`; a self-hosted LangSmith's `/api/v1` is part of it. */
  readonly endpoint: string;
  readonly apiKey: Secret;
  /** '' = none. Sent as `X-Tenant-Id`. */
  readonly workspaceId: string;
  /** All additional headers, names in lower case, where they came with the data; else the configured ones are sent. */
  readonly headers?: ReadonlyMap<string, Secret>;
}

/** How a send ended. Closed: whoever gets one handles all of them. */
export type Outcome =
  | { readonly kind: 'delivered'; readonly status: number }
  /** Said to be there already (409). */
  | { readonly kind: 'duplicate'; readonly status: number; readonly text: string }
  /** Network, timeout, 408, 425, 429, 499, 5xx: the same bytes again, later. `pauseLane`: nobody sends to this destination before that. */
  | {
      readonly kind: 'retry';
      readonly status: number;
      readonly text: string;
      readonly retryAfterMs: number | undefined;
      readonly pauseLane: boolean;
    }
  /** 413: halves. */
  | { readonly kind: 'too_large'; readonly status: number; readonly text: string }
  /** 400, 422: one of them is bad; bisect. */
  | { readonly kind: 'rejected'; readonly status: number; readonly text: string }
  /** 401, 403: stop the lane, keep the data, tell the operator. */
  | { readonly kind: 'refused'; readonly status: number; readonly text: string }
  /** 404 on the multipart path: this server wants `/runs/batch`. */
  | { readonly kind: 'no_multipart'; readonly status: number };
