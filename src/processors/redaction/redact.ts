/**
 * What happens to one attribute: ignored → not allowed, so deleted → its value allowed → its key blocked, so masked as a whole → blocked parts masked.
 * Source: the Collector's redaction processor.
 */
import type { Attributes } from '../../model/value.ts';
import { compilePattern } from '../../ottl/pattern/pattern.ts';
import { matchesAny } from '../pattern-setting.ts';
import { textOf } from '../text-of.ts';
import { createMask } from './mask.ts';
import type { Settings } from './schema.ts';

export type Outcome = 'ignored' | 'redacted' | 'allowed' | 'masked' | 'clean';

/** Keys by what happened to them. */
export type Tally = Readonly<Record<Exclude<Outcome, 'clean'>, string[]>>;

export function newTally(): Tally {
  return { ignored: [], redacted: [], allowed: [], masked: [] };
}

export interface Rules {
  /** What a key alone decides. */
  byKey(key: string): 'ignored' | 'redacted' | 'blocked' | 'open';
  isBlocked(key: string): boolean;
  allows(text: string): boolean;
  maskWhole(text: string): string;
  maskParts(text: string): string;
}

export function createRules(settings: Settings): Rules {
  const allowedKeys = new Set(settings.allowed_keys);
  const ignoredKeys = new Set(settings.ignored_keys);
  const mask = createMask(settings.hash_function, settings.hmac_key);
  const whole = compilePattern('.*');
  return {
    byKey(key) {
      if (ignoredKeys.has(key) || matchesAny(settings.ignored_key_patterns, key)) return 'ignored';
      if (!settings.allow_all_keys && !allowedKeys.has(key)) return 'redacted';
      return matchesAny(settings.blocked_key_patterns, key) ? 'blocked' : 'open';
    },
    isBlocked: (key) => matchesAny(settings.blocked_key_patterns, key),
    allows: (text) => matchesAny(settings.allowed_values, text),
    maskWhole: (text) => whole.replaceAll(text, ({ groups }) => mask(groups[0] ?? '')),
    maskParts(text) {
      let masked = text;
      for (const pattern of settings.blocked_values) masked = pattern.replaceAll(masked, ({ groups }) => mask(groups[0] ?? ''));
      return masked;
    },
  };
}

/** Values that are no text count as an empty one, unless all types are looked at. By position, so that only values that matter are made. */
export function redactAttributes(attributes: Attributes, rules: Rules, allTypes: boolean): Tally {
  const tally = newTally();
  const masks: string[] = [];
  for (let position = 0; position < attributes.length; position++) {
    const key = attributes.keyAt(position);
    if (key === undefined) continue;
    const verdict = rules.byKey(key);
    if (verdict === 'ignored' || verdict === 'redacted') {
      tally[verdict].push(key);
      continue;
    }
    const text = allTypes || attributes.typeAt(position) === 'string' ? textOf(attributes.valueAt(position)) : '';
    if (rules.allows(text)) {
      tally.allowed.push(key);
      continue;
    }
    const masked = verdict === 'blocked' ? rules.maskWhole(text) : rules.maskParts(text);
    if (verdict !== 'blocked' && masked === text) continue;
    tally.masked.push(key);
    masks.push(masked);
  }
  for (const [index, key] of tally.masked.entries()) attributes.set(key, masks[index] as string);
  for (const key of tally.redacted) attributes.delete(key);
  return tally;
}
