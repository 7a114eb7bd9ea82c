/** Looks into a zod schema from outside: which keys a place takes, and where secrets stand. */
import { z } from 'zod';
import { headers, secret } from './fields.ts';

/** Wrapping a schema (`optional`, `describe`, …) keeps its transform, so the transform tells a secret wherever it stands. */
const secretTransforms: ReadonlySet<unknown> = new Set([secret.def.out, headers.def.out]);

export function isSecret(schema: z.core.$ZodType): boolean {
  return schema instanceof z.ZodPipe && secretTransforms.has(schema.def.out);
}

/** What a schema comes down to once optional, default, pipe, lazy and union are looked through. Fields that hold secrets stay whole. */
export function alternatives(schema: z.core.$ZodType): z.core.$ZodType[] {
  if (isSecret(schema)) return [schema];
  if (schema instanceof z.ZodUnion) return schema.def.options.flatMap(alternatives);
  if (schema instanceof z.ZodIntersection) return [...alternatives(schema.def.left), ...alternatives(schema.def.right)];
  if (schema instanceof z.ZodPipe) return alternatives(schema.def.in instanceof z.ZodTransform ? schema.def.out : schema.def.in);
  if (schema instanceof z.ZodLazy) return alternatives(schema.def.getter());
  const inner = (schema._zod.def as { innerType?: z.core.$ZodType }).innerType;
  return inner ? alternatives(inner) : [schema];
}

/** The schemas that a key of a map, or an element of a list, may have. */
export function childrenOf(schema: z.core.$ZodType, key: PropertyKey): z.core.$ZodType[] {
  return alternatives(schema).flatMap((one) => {
    if (one instanceof z.ZodObject) {
      const child = Object.hasOwn(one.shape, key) ? one.shape[key as string] : undefined;
      return child ? [child] : [];
    }
    if (one instanceof z.ZodRecord) return [one.def.valueType];
    if (one instanceof z.ZodArray) return [one.def.element];
    return [];
  });
}

/** The schemas at a path. */
export function schemasAt(schema: z.core.$ZodType, path: readonly PropertyKey[]): z.core.$ZodType[] {
  return path.reduce<z.core.$ZodType[]>((schemas, key) => schemas.flatMap((one) => childrenOf(one, key)), [schema]);
}

/** The keys that a map at this path may have. */
export function keysAt(schema: z.core.$ZodType, path: readonly PropertyKey[]): string[] {
  const objects = schemasAt(schema, path).flatMap(alternatives);
  return objects.flatMap((one) => (one instanceof z.ZodObject ? Object.keys(one.shape) : []));
}
