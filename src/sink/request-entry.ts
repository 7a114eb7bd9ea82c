/** One request as the sink saw it. Holds the key in memory so that tests can tell tenants apart; it is never shown over HTTP. */
export interface RequestEntry {
  readonly method: string;
  /** Without `/api`, `/api/v1` and the query. */
  readonly path: string;
  /** 0 where the connection ended without an answer. */
  readonly status: number;
  /** Body as it came, and decoded. */
  readonly bytes: number;
  readonly decodedBytes: number;
  readonly contentEncoding: string;
  readonly apiKey: string;
  readonly workspaceId: string;
  /** Run ids that it posted or patched, as far as its body could be read. */
  readonly runIds: readonly string[];
  /** Milliseconds since the epoch. */
  readonly at: number;
}
