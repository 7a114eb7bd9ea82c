/**
 * Thresholds and randomness of consistent probability sampling: 56 bits each, written as 14 lower-case hex digits, so that they compare as
 * texts: exactly, and without a BigInt per span. An item is kept if its randomness is not below the threshold.
 * Source: OpenTelemetry specification, "TraceState: Probability Sampling".
 */
export type Threshold = string;
export type Randomness = string;

export const hexDigits = 14;
export const always: Threshold = '0'.repeat(hexDigits);
/** Sorts behind every number. */
export const never: Threshold = 'never';
export const greatestRandomness: Randomness = 'f'.repeat(hexDigits);

const all = 2 ** 56;
const probabilityMin = 2 ** -56;

/** `precision`: significant hex digits, 1 to 14. Leading `f` and `0` digits are free. Below 2^-56: never. */
export function thresholdOf(probability: number, precision: number): Threshold {
  if (probability < probabilityMin) return never;
  if (probability >= 1) return always;
  const digits = Math.min(hexDigits, Math.max(freeDigits(probability), freeDigits(1 - probability)) + precision);
  const exact = BigInt(all) - BigInt(Math.round(probability * all));
  const cut = BigInt(4 * (hexDigits - digits));
  const rounded = cut === 0n ? exact : ((exact + (1n << (cut - 1n))) >> cut) << cut;
  return rounded >= BigInt(all) ? never : rounded.toString(16).padStart(hexDigits, '0');
}

export function probabilityOf(threshold: Threshold): number {
  return Number(BigInt(all) - BigInt(`0x${threshold}`)) / all;
}

/** As tracestate carries it: without trailing zeros. */
export function tValueOf(threshold: Threshold): string {
  return threshold.replace(/0+$/, '') || '0';
}

/** `undefined` if the text is no `th` value. */
export function parseTValue(text: string): Threshold | undefined {
  return /^[0-9A-Fa-f]{1,14}$/.test(text) ? text.toLowerCase().padEnd(hexDigits, '0') : undefined;
}

/** `undefined` if the text is no `rv` value. */
export function parseRValue(text: string): Randomness | undefined {
  return /^[0-9A-Fa-f]{14}$/.test(text) ? text.toLowerCase() : undefined;
}

const float = new DataView(new ArrayBuffer(8));

/** One for every four bits that a number in (0, 1) stands below one half. */
function freeDigits(fraction: number): number {
  float.setFloat64(0, fraction);
  const exponent = ((float.getUint16(0) >>> 4) & 0x7ff) - 1022;
  return Math.trunc(exponent / -4);
}
