/** The actions of the `attributes` and `resource` processors. A list of them becomes one function that changes a set of attributes. */
import type { Caller } from '../../model/batch.ts';
import { internalized } from '../../model/internalized.ts';
import type { Attributes, Value } from '../../model/value.ts';
import type { Pattern } from '../../ottl/pattern/pattern.ts';
import { convert } from './convert.ts';
import { fromContext } from './from-context.ts';
import { hashValue } from './hash-value.ts';
import type { ActionSettings } from './schema.ts';

export { type ActionSettings, action } from './schema.ts';

export type Change = (attributes: Attributes, caller: Caller) => void;
type Source = (attributes: Attributes, caller: Caller) => Value | undefined;

export function compileActions(actions: readonly ActionSettings[]): Change {
  const changes = actions.map(compileAction);
  return (attributes, caller) => {
    for (const change of changes) change(attributes, caller);
  };
}

/** Only for settings that the schema has checked: what an action needs is there. */
function compileAction(settings: ActionSettings): Change {
  const { pattern } = settings;
  const key = internalized(settings.key ?? '');
  switch (settings.action) {
    case 'insert':
    case 'update':
    case 'upsert':
      return write(settings.action, key, sourceOf(settings));
    case 'delete':
      return eachKey(key, pattern, (attributes, one) => attributes.delete(one));
    case 'hash':
      return eachKey(key, pattern, (attributes, one) => attributes.set(one, hashValue(attributes.get(one) as Value)));
    case 'extract':
      return extract(key, pattern as Pattern);
    case 'convert': {
      const type = settings.converted_type ?? 'string';
      return (attributes) => {
        const value = attributes.get(key);
        if (value === undefined) return;
        const converted = convert(value, type);
        if (converted !== value) attributes.set(key, converted);
      };
    }
  }
}

function write(action: 'insert' | 'update' | 'upsert', key: string, source: Source): Change {
  return (attributes, caller) => {
    if (action !== 'upsert' && attributes.has(key) !== (action === 'update')) return;
    const value = source(attributes, caller);
    if (value !== undefined) attributes.set(key, value);
  };
}

function sourceOf({ value, from_attribute, from_context, default_value }: ActionSettings): Source {
  if (from_attribute !== undefined) {
    const key = internalized(from_attribute);
    return (attributes) => attributes.get(key) ?? default_value;
  }
  if (from_context !== undefined) {
    const ofCaller = fromContext(from_context);
    return (_attributes, caller) => ofCaller(caller) ?? default_value;
  }
  return () => value;
}

/** The key itself, unless it is '', and all keys that the pattern finds. */
function eachKey(key: string, pattern: Pattern | undefined, change: (attributes: Attributes, key: string) => void): Change {
  return (attributes) => {
    if (key !== '' && attributes.has(key)) change(attributes, key);
    if (pattern === undefined) return;
    for (const one of [...attributes.keys()]) if (one !== key && pattern.test(one)) change(attributes, one);
  };
}

function extract(key: string, pattern: Pattern): Change {
  const names = pattern.groupNames.map(internalized);
  return (attributes) => {
    const value = attributes.get(key);
    if (typeof value !== 'string') return;
    const found = pattern.exec(value);
    if (!found) return;
    for (let group = 1; group < names.length; group++) attributes.set(names[group] as string, found.groups[group] ?? '');
  };
}
