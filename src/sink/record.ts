import type { Fields } from './upload.ts';

/**
 * Every change of the sink's state, and the layout of a line on disk: JSON, one record per line, in the order in which they were accepted.
 * Applying all records of a directory in order gives the state back. API keys are never part of it; a tenant's id stands for them.
 */
export type StoreRecord = RunRecord | FeedbackRecord | SessionRecord | DeleteRecord;

export interface RunRecord {
  readonly kind: 'post' | 'patch';
  readonly tenant: string;
  readonly workspace: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly id: string;
  readonly sessionId: string;
  readonly bytes: number;
  readonly fields: Fields;
  readonly attachments: readonly AttachmentRecord[];
}

export interface AttachmentRecord {
  readonly name: string;
  readonly contentType: string;
  readonly base64: string;
}

/** `fields` replace those stored before under the same id. */
export interface FeedbackRecord {
  readonly kind: 'feedback';
  readonly tenant: string;
  readonly id: string;
  readonly fields: Fields;
}

export interface SessionRecord {
  readonly kind: 'session';
  readonly tenant: string;
  readonly id: string;
  readonly fields: Fields & { readonly name: string };
}

export interface DeleteRecord {
  readonly kind: 'delete_feedback' | 'delete_session';
  readonly tenant: string;
  readonly id: string;
}
