/** Nobody may make a lane sleep longer than this with one answer. */
const retryAfterMsMax = 3_600_000;

/**
 * `Retry-After` in ms from now: whole or fractional seconds, or an HTTP date; `undefined` if it is absent or neither (RFC 9110 §10.2.3).
 */
export function retryAfterMs(header: string | undefined, nowMs: number): number | undefined {
  const text = header?.trim() ?? '';
  if (text === '') return undefined;
  const waitMs = /^\d+(?:\.\d+)?$/.test(text) ? Number(text) * 1_000 : /^[A-Za-z]{3,9},/.test(text) ? Date.parse(text) - nowMs : Number.NaN;
  if (Number.isNaN(waitMs)) return undefined;
  return Math.ceil(Math.min(retryAfterMsMax, Math.max(0, waitMs)));
}
