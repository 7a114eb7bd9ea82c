const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** The UUID in lower case, or '' if the text is none. */
export function uuidOrNone(text: string): string {
  const lower = text.toLowerCase();
  return uuid.test(lower) ? lower : '';
}

/** LangSmith's own rule for the run id of an OTel span: the span id right-aligned in a zero UUID. Its SDKs compute run URLs from it. */
export function runIdOfSpan(spanId: string): string {
  return `00000000-0000-0000-${spanId.slice(0, 4)}-${spanId.slice(4)}`;
}

/** A trace id's 32 hex digits as UUID text. */
export function uuidOfTrace(traceId: string): string {
  return `${traceId.slice(0, 8)}-${traceId.slice(8, 12)}-${traceId.slice(12, 16)}-${traceId.slice(16, 20)}-${traceId.slice(20)}`;
}
