/** Spans as every dialect writes them, with secrets under each name that the converter or its documentation knows. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Dialect } from '../../src/exporters/langsmith/convert/dialect.ts';
import { dialects } from '../../src/exporters/langsmith/convert/dialects/dialects.ts';
import { contentEvents, contentKeys, eventKeys } from '../../src/processors/redaction/deep/content-keys.ts';
import { dressed } from './dressings.ts';
import type { Plain } from './planting.ts';
import type { Mint } from './secrets.ts';

const attributeName = /^[A-Za-z][\w:-]*[._:][\w.:*-]*$/;

/** Everything that a dialect's table spells like the name of an attribute. */
function namesIn(table: unknown, found = new Set<string>()): Set<string> {
  if (typeof table === 'string' && attributeName.test(table)) found.add(table);
  if (Array.isArray(table)) for (const one of table) namesIn(one, found);
  else if (typeof table === 'object' && table !== null) {
    for (const [key, one] of Object.entries(table)) {
      if (attributeName.test(key)) found.add(key);
      namesIn(one, found);
    }
  }
  return found;
}

const page = readFileSync(join(import.meta.dirname, '../../docs/mapping.md'), 'utf8');
const pageNames = [...page.matchAll(/`([^`\s]+)`/g)].map(([, name]) => name as string).filter((name) => attributeName.test(name));
const otherNames = new Set([...pageNames, ...contentKeys.keys()]);

/** A family's name with a member: `llm.input_messages.*` with a message in it. */
const members = ['0.message.content', '0.content', '0.tool_calls.0.function.arguments', 'member'];
const expanded = (name: string): string[] => (name.endsWith('*') ? members.map((member) => name.slice(0, -1) + member) : [name]);

export const familyOf = (dialect: Dialect): readonly string[] => [...namesIn(dialect)].flatMap(expanded);

/** Two spans per dialect: one that only secrets describe, and one whose kind is known, so that the functions of the dialect read it. */
export function dialectSpans(mint: Mint, offset: number): readonly { readonly scope: Plain; readonly span: Plain }[] {
  let index = offset;
  // Four numbers with points under such a name are a version.
  const attribute = (key: string): Plain => ({ key, value: dressed(index++, () => mint.draw(/version/i.test(key) ? 'ipv4' : undefined)) });
  const spans = [];
  for (const dialect of dialects) {
    const names = familyOf(dialect);
    const [scope = dialect.id] = dialect.signs.scopes ?? [];
    const kinds = (dialect.kinds ?? []).flatMap(({ key, values }) => (values ? [[key, Object.keys(values)[0] as string] as const] : []));
    const known = new Map(kinds);
    const events = Object.entries(dialect.events ?? {}).map(([name, keys]) => ({ name, attributes: Object.keys(keys).map(attribute) }));
    const exception = { name: 'exception', attributes: ['exception.type', 'exception.message', 'exception.stacktrace'].map(attribute) };
    for (const isKnown of [false, true]) {
      const kept = isKnown ? names.filter((name) => !known.has(name)) : names;
      const constants = isKnown ? [...known].map(([key, value]) => ({ key, value: { stringValue: value } })) : [];
      spans.push({
        scope: { name: scope.replace('*', 'x'), version: '1' },
        span: {
          name: `${dialect.id} ${mint.draw()}`,
          attributes: [...kept.map(attribute), ...constants],
          events: [...events, exception],
          status: { code: 2, message: `failed with ${mint.draw()}` },
        },
      });
    }
  }
  const contents = [...contentEvents.keys()].map((name) => ({ name, attributes: [...eventKeys.keys()].map(attribute) }));
  const rest = [...otherNames].flatMap(expanded).map(attribute);
  spans.push({ scope: { name: 'anything' }, span: { name: 'all names', attributes: rest, events: contents } });
  return spans;
}
