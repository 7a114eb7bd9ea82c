import type { z } from 'zod';
import { alternatives, childrenOf, isSecret } from './schema-walk.ts';
import type { Plain } from './tree.ts';

const hidden = '[REDACTED]';

/** The settings with every value hidden that the schema calls a secret or a header. There is no way to have them shown. */
export function redact(value: Plain, schema: z.core.$ZodType): Plain {
  return redactAny(value, [schema]);
}

function redactAny(value: Plain, schemas: readonly z.core.$ZodType[]): Plain {
  if (schemas.some((schema) => alternatives(schema).some(isSecret))) return hide(value);
  if (Array.isArray(value)) return value.map((item, index) => redactAny(item, childrenOfAny(schemas, index)));
  if (value === null || typeof value !== 'object') return value;
  return mapValues(value, (item, key) => redactAny(item, childrenOfAny(schemas, key)));
}

function childrenOfAny(schemas: readonly z.core.$ZodType[], key: PropertyKey): z.core.$ZodType[] {
  return schemas.flatMap((schema) => childrenOf(schema, key));
}

/** Names of headers stay, whether written as a map or as a list of `{name, value}`. */
function hide(value: Plain): Plain {
  if (Array.isArray(value))
    return value.map((item) => (isNamed(item) ? mapValues(item, (part, key) => (key === 'name' ? part : hidden)) : hidden));
  return value !== null && typeof value === 'object' ? mapValues(value, () => hidden) : hidden;
}

function isNamed(item: Plain): item is { [key: string]: Plain } {
  return item !== null && typeof item === 'object' && !Array.isArray(item);
}

function mapValues(map: { [key: string]: Plain }, change: (value: Plain, key: string) => Plain): { [key: string]: Plain } {
  const changed: { [key: string]: Plain } = Object.create(null);
  for (const key of Object.keys(map)) changed[key] = change(map[key] as Plain, key);
  return changed;
}
