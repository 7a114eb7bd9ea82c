/** The body of a log record: looked through at every depth, keys on the way named by their path (`message.content.[0]`). */
import type { Value, ValueMap } from '../../model/value.ts';
import { textOf } from '../text-of.ts';
import type { Rules, Tally } from './redact.ts';

export function redactBody(body: Value, rules: Rules, tally: Tally): Value {
  if (body instanceof Map) return redactMap(body, '', rules, tally);
  if (Array.isArray(body)) return body.map((element, index) => redactValue(element, `[${index}]`, rules, tally));
  return redactPlain(body, 'body', rules, tally);
}

function redactValue(value: Value, path: string, rules: Rules, tally: Tally): Value {
  if (value instanceof Map) return redactMap(value, `${path}.`, rules, tally);
  if (Array.isArray(value)) return value.map((element, index) => redactValue(element, `${path}.[${index}]`, rules, tally));
  return redactPlain(value, path, rules, tally);
}

function redactMap(map: ValueMap, prefix: string, rules: Rules, tally: Tally): ValueMap {
  const kept = new Map<string, Value>();
  for (const [key, value] of map) {
    const path = prefix + key;
    const verdict = rules.byKey(key);
    if (verdict === 'redacted') {
      tally.redacted.push(path);
    } else if (verdict === 'ignored') {
      tally.ignored.push(path);
      kept.set(key, value);
    } else if (verdict === 'blocked') {
      tally.masked.push(path);
      kept.set(key, rules.maskWhole(typeof value === 'string' ? value : ''));
    } else {
      kept.set(key, redactValue(value, path, rules, tally));
    }
  }
  return kept;
}

/** Numbers are looked at as text here, whatever `redact_all_types` says. */
function redactPlain(value: Value, path: string, rules: Rules, tally: Tally): Value {
  const text = textOf(value);
  if (rules.allows(text)) {
    tally.allowed.push(path);
    return value;
  }
  const masked = rules.maskParts(text);
  if (masked === text) return value;
  tally.masked.push(path);
  return masked;
}
