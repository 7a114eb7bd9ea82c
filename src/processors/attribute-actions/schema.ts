import { z } from 'zod';
import { pattern } from '../pattern-setting.ts';
import { settingValue } from '../setting-value.ts';
import { convertedTypes } from './convert.ts';

const actionNames = ['insert', 'update', 'upsert', 'delete', 'hash', 'extract', 'convert'] as const;
type ActionName = (typeof actionNames)[number];

const fields = z.strictObject({
  key: z.string().min(1).optional().describe('The attribute.'),
  action: z
    .string()
    .transform((text, context): ActionName => {
      const name = actionNames.find((one) => one === text.toLowerCase());
      if (!name) context.addIssue({ code: 'custom', message: `unsupported action "${text}" (valid values: [${actionNames.join(' ')}])` });
      return name ?? z.NEVER;
    })
    .describe('insert, update, upsert, delete, hash (SHA-256), extract or convert.'),
  value: settingValue.describe('What to write.'),
  from_attribute: z.string().min(1).optional().describe('Writes the value of this attribute.'),
  from_context: z.string().min(1).optional().describe('Writes `metadata.<key>`, `auth.<attribute>` or `client.address` of the request.'),
  default_value: settingValue.describe('What to write where the attribute or the context has nothing.'),
  pattern: pattern.optional().describe('Keys to delete or hash; for extract the groups to take out of the value.'),
  converted_type: z.enum(convertedTypes).optional().describe('For convert.'),
});

export type ActionSettings = z.output<typeof fields>;

const sources = ['value', 'from_attribute', 'from_context'] as const;
const writing: readonly ActionName[] = ['insert', 'update', 'upsert'];

/** Which fields an action takes beside `action`; the Collector refuses the others, too. */
const allowed: Readonly<Record<ActionName, readonly (keyof ActionSettings)[]>> = {
  insert: ['key', ...sources, 'default_value'],
  update: ['key', ...sources, 'default_value'],
  upsert: ['key', ...sources, 'default_value'],
  delete: ['key', 'pattern'],
  hash: ['key', 'pattern'],
  extract: ['key', 'pattern'],
  convert: ['key', 'converted_type'],
};

export const action = fields.superRefine((given, context) => {
  const problem = (field: keyof ActionSettings, message: string) => context.addIssue({ code: 'custom', path: [field], message });
  const name = given.action;
  for (const field of Object.keys(given) as (keyof ActionSettings)[]) {
    if (field === 'action' || given[field] === undefined || allowed[name].includes(field)) continue;
    problem(field, `action "${name}" does not use the "${field}" field`);
  }
  if (name === 'delete' || name === 'hash') {
    if (given.key === undefined && given.pattern === undefined) problem('key', `action "${name}" needs "key" or "pattern"`);
    return;
  }
  if (given.key === undefined) problem('key', `action "${name}" needs "key"`);
  if (writing.includes(name)) {
    const count = sources.filter((source) => given[source] !== undefined).length;
    if (count === 0) problem('action', `action "${name}" needs one of "value", "from_attribute" and "from_context"`);
    if (count > 1) problem('action', `action "${name}" takes only one of "value", "from_attribute" and "from_context"`);
  } else if (name === 'convert' && given.converted_type === undefined) {
    problem('converted_type', 'action "convert" needs "converted_type"');
  } else if (name === 'extract') {
    const groups = given.pattern?.groupNames.slice(1);
    if (groups === undefined) problem('pattern', 'action "extract" needs "pattern"');
    else if (groups.length === 0) problem('pattern', 'action "extract" needs a pattern with at least one named group');
    else if (groups.includes('')) problem('pattern', 'action "extract" needs a pattern whose groups all have names');
  }
});
