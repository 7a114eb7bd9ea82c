import { hexDigits, parseRValue, type Randomness } from './threshold.ts';

const traceIdDigits = 32;

/** The last 56 bits of a trace id, which W3C Trace Context level 2 wants to be random; `undefined` if the span has no trace id. */
export function traceRandomness(traceId: string): Randomness | undefined {
  if (traceId.length !== traceIdDigits) return undefined;
  const randomness = traceId.slice(-hexDigits);
  return /[^0]/.test(traceId) ? randomness : undefined;
}

/** The `rv` of a tracestate without parsing the rest of it; `undefined` if it has none. */
export function explicitRandomness(traceState: string): Randomness | undefined {
  if (!traceState.includes('rv:')) return undefined;
  const found = /(?:^|,)\s*ot=(?:[^,]*;)?rv:([0-9A-Fa-f]{14})(?=[;,\s]|$)/.exec(traceState);
  return found ? parseRValue(found[1] as string) : undefined;
}
