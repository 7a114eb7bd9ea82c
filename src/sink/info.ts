/** What `GET /info` says (langsmith-ingest §1.3). An uploader must obey it, so tests change it. */
export interface Info {
  readonly version: string;
  readonly batch_ingest_config: {
    readonly use_multipart_endpoint: boolean;
    readonly scale_up_qsize_trigger: number;
    readonly scale_up_nthreads_limit: number;
    readonly scale_down_nempty_trigger: number;
    /** Operations per request. */
    readonly size_limit: number;
    /** Uncompressed bytes per request. */
    readonly size_limit_bytes: number;
  };
  readonly instance_flags: Readonly<Record<string, unknown>>;
}

export interface InfoOverrides {
  readonly version?: string;
  readonly batch_ingest_config?: Partial<Info['batch_ingest_config']>;
  readonly instance_flags?: Info['instance_flags'];
}

/** The version is past the one that takes feedback in multipart requests and before the one that makes clients read by `/api/v2`. */
const standard: Info = {
  version: '0.13.20',
  batch_ingest_config: {
    use_multipart_endpoint: true,
    scale_up_qsize_trigger: 1000,
    scale_up_nthreads_limit: 16,
    scale_down_nempty_trigger: 4,
    size_limit: 100,
    size_limit_bytes: 20 * 1024 * 1024,
  },
  instance_flags: { zstd_compression_enabled: true, gzip_body_enabled: true, ch_query_enabled: true },
};

export function infoWith(overrides: InfoOverrides = {}): Info {
  return {
    version: overrides.version ?? standard.version,
    batch_ingest_config: { ...standard.batch_ingest_config, ...overrides.batch_ingest_config },
    instance_flags: { ...standard.instance_flags, ...overrides.instance_flags },
  };
}
