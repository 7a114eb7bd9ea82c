/** The configuration's JSON Schema (draft 2020-12), for editors. Made from the schemas that check it, so the two cannot differ. */
import { z } from 'zod';
import { schemaOf } from './check-components.ts';
import { typesElsewhere } from './components-elsewhere.ts';
import { bytesText, durationText } from './default-text.ts';
import { durationPattern } from './fields.ts';
import { type AnyFactory, kindOfSection, type Section, sections } from './service-config.ts';
import { service } from './service-schema.ts';
import { withoutEffect } from './settings-without-effect.ts';

/** A JSON Schema, as far as this room looks into it. */
export interface JsonSchema {
  [key: string]: unknown;
  type?: string | string[];
  title?: string;
  description?: string;
  default?: unknown;
  enum?: unknown[];
  $ref?: string;
  properties?: Record<string, JsonSchema>;
  items?: JsonSchema;
  anyOf?: JsonSchema[];
  required?: string[];
  $defs?: Record<string, JsonSchema>;
}

const referencePattern = '\\$\\{[^}]+\\}';
const draft = 'https://json-schema.org/draft/2020-12/schema';

/** All components' schemas in one conversion, so that definitions they share keep their references. Keys are `receiver otlp`. */
export function componentSchemas(factories: readonly AnyFactory[]): JsonSchema {
  const shape = Object.fromEntries(factories.map((factory) => [`${factory.kind} ${factory.type}`, schemaOf(factory)]));
  return z.toJSONSchema(z.object({ ...shape, service }), {
    io: 'input',
    unrepresentable: 'any',
    override: ({ zodSchema, jsonSchema }) => tidy(zodSchema, jsonSchema as JsonSchema),
  }) as JsonSchema;
}

/** The whole document's schema. */
export function jsonSchema(factories: readonly AnyFactory[]): JsonSchema {
  const { properties = {}, $defs } = componentSchemas(factories);
  const documents: Record<string, JsonSchema> = {};
  for (const section of sections) documents[section] = sectionSchema(section, factories, properties);
  const schema: JsonSchema = {
    $schema: draft,
    title: 'Spanway configuration',
    type: 'object',
    properties: { ...documents, service: properties.service ?? {} },
    additionalProperties: false,
    required: ['receivers', 'exporters', 'service'],
  };
  if ($defs) schema.$defs = $defs;
  acceptReferences(schema);
  return schema;
}

function sectionSchema(section: Section, factories: readonly AnyFactory[], bodies: Record<string, JsonSchema>): JsonSchema {
  const known = factories.filter(({ kind }) => kind === kindOfSection[section]).flatMap(({ type, aliases }) => [type, ...aliases]);
  // They may stand in a file whose `service::compat::ignore_unsupported` names them, so an editor strikes them through.
  const elsewhere = typesElsewhere.filter((type) => !known.includes(type));
  const patternProperties: Record<string, JsonSchema> = {
    [`^(?:${elsewhere.join('|')})(/.+)?$`]: { description: 'Exists in the Collector but not here.', deprecated: true },
  };
  for (const { kind, type, aliases, summary } of factories) {
    if (kind !== kindOfSection[section]) continue;
    const settings = bodies[`${kind} ${type}`] ?? {};
    for (const [paths, why] of withoutEffect[section]?.[type] ?? [])
      for (const path of paths) addWithoutEffect(settings, path.split('::'), why);
    const body = { description: summary, anyOf: settings.required?.length ? [settings] : [settings, { type: 'null' }] };
    patternProperties[`^${type}(/.+)?$`] = body;
    for (const alias of aliases) patternProperties[`^${alias}(/.+)?$`] = { ...body, deprecated: true };
  }
  return { type: ['object', 'null'], patternProperties, additionalProperties: false } as unknown as JsonSchema;
}

/** A setting that is only warned of is no mistake: an editor takes it, and strikes it through. */
function addWithoutEffect(schema: JsonSchema, [step = '', ...steps]: readonly string[], why: string): void {
  for (const one of [schema, ...(schema.anyOf ?? [])]) {
    if (one.properties === undefined) continue;
    const inner = one.properties[step];
    if (steps.length > 0 && inner) addWithoutEffect(inner, steps, why);
    else if (steps.length === 0) one.properties[step] = { description: `Without effect here: ${why}.`, deprecated: true };
  }
}

/** Defaults as a user would write them, and without the bounds that only say "safe integer". */
function tidy(zodSchema: z.core.$ZodType, schema: JsonSchema): void {
  // A default stands behind a field's transform, so zod leaves it out of the schema of what goes in.
  const given: unknown = zodSchema instanceof z.ZodDefault ? zodSchema.def.defaultValue : schema.default;
  const shown = defaultText(given, schema.title);
  if (shown === undefined) delete schema.default;
  else schema.default = shown;
  // The one number that needs no unit; `pattern` holds for texts, the bounds for numbers.
  if (schema.title === 'duration')
    Object.assign(schema, { type: ['string', 'integer'], pattern: `${durationPattern}|${referencePattern}`, minimum: 0, maximum: 0 });
  if (schema.maximum === Number.MAX_SAFE_INTEGER) delete schema.maximum;
  if (schema.minimum === Number.MIN_SAFE_INTEGER) delete schema.minimum;
}

/** Secrets have none; an object's fields show their own. */
function defaultText(given: unknown, title: string | undefined): unknown {
  if (title === 'secret' || title === 'headers') return undefined;
  if (typeof given === 'number') return title === 'duration' ? durationText(given) : title === 'size' ? bytesText(given) : given;
  return given === null || typeof given !== 'object' || (Array.isArray(given) && given.every((item) => typeof item === 'string'))
    ? given
    : undefined;
}

/** Lets a `${…}` stand wherever a number, a switch, one of a few words or a text of some shape is expected. */
function acceptReferences(schema: unknown): void {
  if (Array.isArray(schema)) for (const item of schema) acceptReferences(item);
  if (schema === null || typeof schema !== 'object' || Array.isArray(schema)) return;
  const one = schema as JsonSchema;
  for (const key of Object.keys(one)) if (key !== 'default' && key !== 'examples') acceptReferences(one[key]);
  const words = Array.isArray(one.enum) && one.enum.every((word) => typeof word === 'string');
  const shaped = one.type === 'string' && one.pattern !== undefined && one.pattern !== referencePattern;
  if (one.type !== 'integer' && one.type !== 'number' && one.type !== 'boolean' && !words && !shaped) return;
  const strict: Record<string, unknown> = {};
  for (const key of Object.keys(one)) {
    if (['title', 'description', 'default', 'examples', '$schema'].includes(key)) continue;
    strict[key] = one[key];
    delete one[key];
  }
  one.anyOf = [strict as JsonSchema, { type: 'string', pattern: referencePattern }];
}
