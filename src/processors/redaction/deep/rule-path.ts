import { type Target, targetNames } from './targets.ts';

/** Which texts a rule is about: a target, and of attributes one key or all. */
export interface RulePath {
  readonly target: Target;
  /** `undefined`: every key, or a target that has none. */
  readonly key: string | undefined;
}

/** As OTTL writes them; `attributes` alone are the span's. */
const byName = new Map<string, Target>(Object.entries(targetNames).map(([target, name]) => [name, target as Target]));
byName.set('attributes', 'span');
byName.set('scope.version', 'scope_name');
byName.set('spanlink.trace_state', 'trace_state');

export const rulePathNames: readonly string[] = [...byName.keys()];

/** `span.attributes["user.id"]`, `log.body`, `span.name`; `undefined` for anything else. */
export function parseRulePath(text: string): RulePath | undefined {
  const match = /^([a-z_.]+)(?:\["((?:[^"\\]|\\.)+)"\])?$/.exec(text);
  const target = byName.get(match?.[1] ?? '');
  if (!match || target === undefined) return undefined;
  const key = match[2]?.replace(/\\(.)/g, '$1');
  return key !== undefined && !match[1]?.endsWith('attributes') ? undefined : { target, key };
}
