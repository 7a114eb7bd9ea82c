/** What `GET /info` says that matters for uploads, with LangSmith's defaults where it says nothing (langsmith-ingest §1.3). */
export interface ServerInfo {
  readonly operationsMax: number;
  readonly bytesMax: number;
  readonly multipart: boolean;
  readonly zstd: boolean;
  readonly gzip: boolean;
}

export const defaultInfo: ServerInfo = { operationsMax: 100, bytesMax: 20_971_520, multipart: true, zstd: false, gzip: false };

/** `undefined` if the text is not the JSON object that `/info` answers with. */
export function parseInfo(text: string): ServerInfo | undefined {
  let info: unknown;
  try {
    info = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isRecord(info)) return undefined;
  const batch = isRecord(info.batch_ingest_config) ? info.batch_ingest_config : {};
  const flags = isRecord(info.instance_flags) ? info.instance_flags : {};
  return {
    operationsMax: positive(batch.size_limit, defaultInfo.operationsMax),
    bytesMax: positive(batch.size_limit_bytes, defaultInfo.bytesMax),
    multipart: batch.use_multipart_endpoint !== false,
    zstd: flags.zstd_compression_enabled === true,
    gzip: flags.gzip_body_enabled === true,
  };
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function positive(value: unknown, otherwise: number): number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value > 0 ? value : otherwise;
}
