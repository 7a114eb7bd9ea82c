/** The reference of all settings as Markdown. Made from the schemas that check them, so the two cannot differ. */
import { componentSchemas, type JsonSchema } from './json-schema.ts';
import { type AnyFactory, kindOfSection, sections } from './service-config.ts';

interface Row {
  readonly key: string;
  readonly type: string;
  readonly fallback: string;
  readonly meaning: string;
}

/** Deepest nesting that has rows of its own. What the settings' vocabulary names (a title) needs none. */
const depthMax = 8;

export function referenceMarkdown(factories: readonly AnyFactory[]): string {
  const { properties = {}, $defs = {} } = componentSchemas(factories);
  const parts = ['# Settings\n\nGenerated from the schemas that check a configuration. Do not edit.\n'];
  for (const section of sections) {
    const known = factories.filter(({ kind }) => kind === kindOfSection[section]);
    if (known.length > 0) parts.push(`## ${section}\n`);
    for (const factory of known) parts.push(componentText(factory, properties[`${factory.kind} ${factory.type}`] ?? {}, $defs));
  }
  parts.push('## service\n', table(rowsOf(properties.service ?? {}, $defs)));
  return parts.join('\n');
}

function componentText(
  { type, aliases, summary, signals, stability }: AnyFactory,
  schema: JsonSchema,
  defs: Record<string, JsonSchema>,
): string {
  const facts = [`Stability: ${stability}.`];
  if (signals.length > 0) facts.push(`Signals: ${signals.join(', ')}.`);
  if (aliases.length > 0) facts.push(`Also known as ${aliases.map((alias) => `\`${alias}\``).join(', ')} (deprecated).`);
  return [`### ${type}\n`, `${summary} ${facts.join(' ')}\n`, table(rowsOf(schema, defs))].join('\n');
}

function table(rows: readonly Row[]): string {
  if (rows.length === 0) return 'No settings.\n';
  const lines = rows.map(
    ({ key, type, fallback, meaning }) =>
      `| \`${key}\` | ${cell(type)} | ${fallback === '' ? '' : `\`${cell(fallback)}\``} | ${cell(meaning)} |`,
  );
  return ['| key | type | default | meaning |', '|---|---|---|---|', ...lines, ''].join('\n');
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replace(/\s+/g, ' ');
}

function rowsOf(schema: JsonSchema, defs: Record<string, JsonSchema>, prefix = '', depth = 0): Row[] {
  if (depth > depthMax || schema.title !== undefined) return [];
  const rows: Row[] = [];
  for (const one of optionsOf(schema, defs)) {
    for (const [key, property] of Object.entries(one.properties ?? {})) {
      rows.push(
        rowOf(`${prefix}${key}`, property, one.required?.includes(key) ?? false, defs),
        ...rowsOf(property, defs, `${prefix}${key}.`, depth + 1),
      );
    }
    if (one.items) rows.push(...rowsOf(one.items, defs, `${prefix.slice(0, -1)}[].`, depth + 1));
    const values = one.additionalProperties;
    if (values !== null && typeof values === 'object') rows.push(...rowsOf(values as JsonSchema, defs, `${prefix}*.`, depth + 1));
  }
  return rows;
}

function rowOf(key: string, schema: JsonSchema, required: boolean, defs: Record<string, JsonSchema>): Row {
  const fallback =
    schema.default === undefined ? '' : typeof schema.default === 'string' ? schema.default || '""' : JSON.stringify(schema.default);
  return { key, type: `${typeOf(schema, defs)}${required ? ', required' : ''}`, fallback, meaning: schema.description ?? '' };
}

/** The schema itself, or the options of a union, with references followed. */
function optionsOf(schema: JsonSchema, defs: Record<string, JsonSchema>, depth = 0): JsonSchema[] {
  if (depth > depthMax) return [];
  const target = schema.$ref === undefined ? undefined : defs[schema.$ref.replace('#/$defs/', '')];
  if (target) return optionsOf(target, defs, depth + 1);
  return (schema.anyOf ?? []).length === 0 ? [schema] : (schema.anyOf ?? []).flatMap((option) => optionsOf(option, defs, depth + 1));
}

function typeOf(schema: JsonSchema, defs: Record<string, JsonSchema>): string {
  if (schema.title !== undefined) return schema.title;
  const names = optionsOf(schema, defs).map((one) => {
    if (one.title !== undefined) return one.title;
    if (one.enum) return one.enum.map(String).join(' | ');
    if (one.const !== undefined) return String(one.const);
    if (one.type === 'array') return `list of ${one.items ? typeOf(one.items, defs) : 'any'}`;
    if (one.type === 'object') return 'map';
    return one.type ?? 'any';
  });
  return [...new Set(names)].filter((name) => name !== 'null').join(' | ');
}
