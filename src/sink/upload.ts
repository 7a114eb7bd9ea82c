/** What the three ingestion endpoints have in common once their bodies are read. */
export type Fields = Readonly<Record<string, unknown>>;

export interface StoredAttachment {
  readonly contentType: string;
  readonly content: Buffer;
}

/** One create or update of a run. `fields` holds the main members and the out-of-band ones together. */
export interface RunOperation {
  readonly kind: 'post' | 'patch';
  readonly id: string;
  readonly fields: Fields;
  readonly attachments: ReadonlyMap<string, StoredAttachment>;
  /** Size of what was sent for it, for the memory limit. */
  readonly bytes: number;
}

export interface FeedbackOperation {
  readonly id: string;
  readonly fields: Fields;
}

/** One request's operations, in the order in which they were sent. */
export interface Upload {
  readonly runs: readonly RunOperation[];
  readonly feedback: readonly FeedbackOperation[];
}

/** Members that travel in parts of their own. */
export const outOfBandFields = ['inputs', 'outputs', 'events', 'extra', 'error', 'serialized'] as const;

export function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
