import { internalized } from '../../model/internalized.ts';
import type { Attributes, Value } from '../../model/value.ts';
import { compilePattern } from '../../ottl/pattern/pattern.ts';
import { matchesAny } from '../pattern-setting.ts';
import { sameValue } from '../setting-value.ts';

export type MatchType = 'strict' | 'regexp';
export type TextMatch = (text: string) => boolean;

/** One of the texts matches; an empty list matches everything. */
export function compileTexts(texts: readonly string[], type: MatchType): TextMatch {
  if (texts.length === 0) return () => true;
  if (type === 'strict') {
    const known = new Set(texts);
    return (text) => known.has(text);
  }
  const patterns = texts.map((text) => compilePattern(text));
  return (text) => matchesAny(patterns, text);
}

interface Wanted {
  readonly key: string;
  readonly value?: Value | undefined;
}

/** All of them match. */
export function compileAttributes(wanted: readonly Wanted[], type: MatchType): (attributes: Attributes) => boolean {
  const checks = wanted.map((one) => compileAttribute(one, type));
  return (attributes) => {
    for (const check of checks) if (!check(attributes)) return false;
    return true;
  };
}

function compileAttribute({ key: name, value: wanted }: Wanted, type: MatchType): (attributes: Attributes) => boolean {
  const key = internalized(name);
  if (wanted === undefined) return (attributes) => attributes.has(key);
  if (type === 'strict') {
    return (attributes) => {
      const value = attributes.get(key);
      return value !== undefined && sameValue(value, wanted);
    };
  }
  const pattern = compilePattern(`${wanted}`);
  return (attributes) => {
    const value = attributes.get(key);
    return value !== undefined && value !== null && typeof value !== 'object' && pattern.test(`${value}`);
  };
}
