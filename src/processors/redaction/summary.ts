import type { Attributes } from '../../model/value.ts';
import type { Tally } from './redact.ts';

export type Detail = 'debug' | 'info' | 'silent';

const outcomes = ['redacted', 'masked', 'allowed', 'ignored'] as const;

/** Writes attributes that tell what was done. Several processors add up. `prefix`: `redaction` or `redaction.body`. */
export function summarise(attributes: Attributes, tally: Tally, detail: Detail, prefix: string): void {
  if (detail === 'silent') return;
  for (const outcome of outcomes) {
    const keys = tally[outcome];
    if (keys.length === 0) continue;
    if (detail === 'debug' && outcome !== 'ignored') {
      const name = `${prefix}.${outcome}.keys`;
      const earlier = attributes.get(name);
      const all = typeof earlier === 'string' && earlier !== '' ? [...keys, ...earlier.split(',')] : keys;
      attributes.set(name, [...all].sort().join(','));
    }
    const name = `${prefix}.${outcome}.count`;
    const earlier = attributes.get(name);
    attributes.set(name, BigInt(keys.length) + (typeof earlier === 'bigint' ? earlier : 0n));
  }
}
