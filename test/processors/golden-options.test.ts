/** Every setting of every processor and of the routing connector is set by some golden case: a new one without a case fails here. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { routing } from '../../src/connectors/routing/routing.ts';
import { processors } from '../../src/processors/processors.ts';

interface Schema {
  readonly $ref?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly allOf?: readonly Schema[];
}

const depthMax = 8;
const golden = join(import.meta.dirname, '..', 'golden');

/** The settings of a component, as paths; elements of lists stand for each other. */
function settingsOf(schema: Schema, root: Schema, path = '', depth = 0): string[] {
  if (depth > depthMax) return [];
  if (schema.$ref) {
    const target = schema.$ref
      .split('/')
      .slice(1)
      .reduce<unknown>((at, key) => (at as Record<string, unknown>)[key], root);
    return settingsOf(target as Schema, root, path, depth + 1);
  }
  const inner = [...(schema.anyOf ?? []), ...(schema.allOf ?? []), ...(schema.items ? [schema.items] : [])];
  return [
    ...inner.flatMap((one) => settingsOf(one, root, path, depth + 1)),
    ...Object.entries(schema.properties ?? {}).flatMap(([key, one]) => [
      `${path}.${key}`,
      ...settingsOf(one, root, `${path}.${key}`, depth + 1),
    ]),
  ];
}

/** What a case sets, as paths. */
function given(value: unknown, path = ''): string[] {
  if (Array.isArray(value)) return value.flatMap((item) => given(item, path));
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => [`${path}.${key}`, ...given(inner, `${path}.${key}`)]);
}

/** `include` and `exclude` have one schema wherever they stand, so each of its settings needs one case. */
const group = /^.*\.(?:include|exclude)\./;
const isShared = (path: string): boolean => group.test(path);
const shared = (path: string): string => path.replace(group, 'match.');

const bodies = readdirSync(golden).flatMap((name) => {
  const { processors: ones = {}, connectors = {} } = parse(readFileSync(join(golden, name, 'gateway.yaml'), 'utf8')) as Record<
    string,
    object
  >;
  return Object.entries({ ...ones, ...connectors });
});

test.each([...processors, routing].map((factory) => [factory.type, factory] as const))(
  '%s has a golden case for each of its settings',
  (_, factory) => {
    const schema = z.toJSONSchema(factory.schema as z.ZodType, { io: 'input', unrepresentable: 'any' }) as Schema;
    const names = new Set<string>([factory.type, ...factory.aliases]);
    const own = bodies.filter(([id]) => names.has(id.split('/')[0] ?? '')).flatMap(([, body]) => given(body));
    const covered = new Set([...own, ...bodies.flatMap(([, body]) => given(body)).filter(isShared)].map(shared));
    const missing = [...new Set(settingsOf(schema, schema).map(shared))].filter((path) => !covered.has(path));
    expect(missing).toEqual([]);
  },
);
