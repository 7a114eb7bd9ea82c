import type { Value } from '../../../model/value.ts';

const isoTime = /^"?(\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:Z|[+-]\d{2}:?\d{2})?)"?$/;

/** An ISO time as microseconds since the epoch; without a zone it is UTC. */
export function isoMicros(value: Value): number | undefined {
  const text = typeof value === 'string' ? isoTime.exec(value.trim())?.[1] : undefined;
  if (text === undefined) return undefined;
  const zoned = /(?:Z|[+-]\d{2}:?\d{2})$/.test(text) ? text : `${text}Z`;
  const millis = Date.parse(zoned);
  if (!Number.isFinite(millis)) return undefined;
  const fraction = /\.(\d{3})(\d{1,3})/.exec(text)?.[2];
  return millis * 1_000 + (fraction === undefined ? 0 : Number(fraction.padEnd(3, '0')));
}
