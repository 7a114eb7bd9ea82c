import { z } from 'zod';
import { builtIn } from './built-in.ts';

const names = [...builtIn.keys()].join(', ');
const key = z.string().min(1, { error: 'must not be empty', abort: true });
/** A map, so that no key is a special one. */
const texts = z
  .record(key, key)
  .default({})
  .transform((given): ReadonlyMap<string, string> => new Map(Object.entries(given)));

const source = z
  .strictObject({
    name: z
      .string()
      .min(1, { error: 'must be set' })
      .describe(`\`${[...builtIn.keys()].join('`, `')}\`, or a name of your own.`),
    remove_originals: z.boolean().default(false).describe('Removes what was renamed.'),
    overwrite: z.boolean().default(false).describe('Writes over an attribute that is there already; otherwise nothing is renamed to it.'),
    mappings: texts.describe('For a name of your own: from its keys to those of the conventions.'),
    value_mappings: z
      .record(key, texts)
      .default({})
      .transform((given): ReadonlyMap<string, ReadonlyMap<string, string>> => new Map(Object.entries(given)))
      .describe('For a name of your own, by key of the conventions: from its values to theirs.'),
  })
  .superRefine(({ name, mappings, value_mappings }, context) => {
    const problem = (path: PropertyKey[], message: string) => context.addIssue({ code: 'custom', path, message });
    if (builtIn.has(name)) {
      if (mappings.size > 0) problem(['mappings'], `not valid on built-in source "${name}"`);
      if (value_mappings.size > 0) problem(['value_mappings'], `not valid on built-in source "${name}"`);
      return;
    }
    if (mappings.size === 0)
      problem(
        ['name'],
        `user-defined source "${name}" requires non-empty "mappings" (built-in sources, which do not require mappings: ${names})`,
      );
    for (const [from, to] of mappings) if (from === to) problem(['mappings', from], 'source and target are identical');
    const targets = new Set(mappings.values());
    for (const target of value_mappings.keys())
      if (!targets.has(target)) problem(['value_mappings', target], 'is not a target in "mappings"');
  });

export type SourceSettings = z.output<typeof source>;

export const schema = z.strictObject({
  sources: z
    .array(source, { error: 'expected a list, for example [{name: openinference}]' })
    .min(1, { error: 'at least one source must be specified' })
    .superRefine((sources, context) => {
      for (const [at, { name }] of sources.entries())
        if (sources.findIndex((one) => one.name === name) < at)
          context.addIssue({ code: 'custom', path: [at, 'name'], message: `duplicate source "${name}"` });
    })
    .describe('Whose attributes are renamed, in this order.'),
  overwrite_schema_url: z
    .boolean()
    .default(false)
    .describe('Tells the version of the conventions in scopes that tell another one, too. Scopes that tell none always get it.'),
});

export type Settings = z.output<typeof schema>;
