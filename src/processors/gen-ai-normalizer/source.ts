/** One source becomes one function over a span's attributes. */
import type { Attributes, Value } from '../../model/value.ts';
import { builtIn, type Mapping } from './built-in.ts';
import { conform } from './conventions.ts';
import { gatherMessages } from './messages.ts';
import type { SourceSettings } from './schema.ts';

/** Returns whether it wrote anything. */
export type Normalize = (attributes: Attributes) => boolean;

export function compileSource(settings: SourceSettings): Normalize {
  const { overwrite, remove_originals } = settings;
  const mapping = builtIn.get(settings.name) ?? describedBy(settings);
  const { keys, flatMessages } = mapping;
  // One list for all spans: most have nothing to rename, and then nothing is made.
  const found: string[] = [];
  return (attributes) => {
    let wrote = flatMessages && gatherMessages(attributes, settings);
    found.length = 0;
    for (let position = 0; position < attributes.length; position++) {
      const key = attributes.keyAt(position);
      if (key !== undefined && keys.has(key)) found.push(key);
    }
    for (const key of found) {
      const target = keys.get(key) as string;
      if (!overwrite && attributes.has(target)) continue;
      const value = conform(target, valueFor(target, attributes.get(key) as Value, mapping));
      // What does not fit stays where it was, so that nothing is lost.
      if (value === undefined) continue;
      attributes.set(target, value);
      if (remove_originals) attributes.delete(key);
      wrote = true;
    }
    return wrote;
  };
}

function describedBy({ mappings, value_mappings }: SourceSettings): Mapping {
  return { keys: mappings, values: value_mappings, ignoresCase: false, flatMessages: false };
}

function valueFor(target: string, value: Value, { values, ignoresCase }: Mapping): Value {
  if (typeof value !== 'string') return value;
  return values.get(target)?.get(ignoresCase ? value.toLowerCase() : value) ?? value;
}
