import { z } from 'zod';
import { secret, texts } from '../../config/fields.ts';
import { bytes } from '../../model/bytes.ts';
import { pattern } from '../pattern-setting.ts';
import { deepShape, pseudonymKeyBytesMin } from './deep-schema.ts';
import { hashFunctions, keyBytesMin } from './mask.ts';

const patterns = z.array(pattern).default([]);
const attributes = texts.default([]).describe('Attributes that it looks at.');

/** Sanitizers that rest on a trained model or on grammars of query languages: refused rather than imitated, because what they miss stays readable. */
const sanitizer = z
  .object({ enabled: z.boolean().default(false), attributes, sanitize_span_name: z.boolean().optional() })
  .refine(({ enabled }) => !enabled, { path: ['enabled'], error: 'not supported here: use blocked_values with a regular expression' })
  .optional();

const databases = ['sql', 'redis', 'valkey', 'memcached', 'mongo', 'opensearch', 'es'] as const;

export const schema = z
  .strictObject({
    allow_all_keys: z.boolean().default(false).describe('Keeps attributes whatever their key; otherwise only allowed_keys are kept.'),
    allowed_keys: texts.default([]).describe('Keys that are kept. Empty, and without allow_all_keys, everything goes.'),
    ignored_keys: texts.default([]).describe('Keys whose attributes are left alone.'),
    ignored_key_patterns: patterns.describe('Likewise, as regular expressions.'),
    blocked_key_patterns: patterns.describe('Keys whose values are masked as a whole.'),
    blocked_values: patterns.describe('Whatever they find in a value is masked.'),
    allowed_values: patterns.describe('A value in which one of them finds something is left alone.'),
    redact_all_types: z.boolean().default(false).describe('Looks at numbers, lists and maps, too, as text.'),
    hash_function: z.enum(hashFunctions).default('none').describe('Masks with a digest in hex instead of `****`.'),
    hmac_key: secret.prefault('').describe('Key of the hmac functions: at least 32 bytes for sha256, 64 for sha512.'),
    summary: z
      .enum(['debug', 'info', 'silent'])
      .default('silent')
      .describe('Attributes that tell what was done: `debug` keys and counts, `info` counts, `silent` none.'),
    url_sanitizer: sanitizer.meta({ title: 'sanitizer', description: 'Not supported here.' }),
    db_sanitizer: z
      .strictObject({
        ...Object.fromEntries(databases.map((name) => [name, sanitizer])),
        sanitize_span_name: z.boolean().optional(),
        allow_fallback_without_system: z.boolean().optional(),
      })
      .optional()
      .meta({ title: 'sanitizers', description: 'Not supported here.' }),
    ...deepShape,
  })
  .superRefine((settings, context) => {
    const { hash_function, hmac_key, pseudonym_key } = settings;
    const least = keyBytesMin[hash_function];
    if (least !== undefined && bytes.byteLength(hmac_key.reveal()) < least)
      context.addIssue({ code: 'custom', path: ['hmac_key'], message: `must have at least ${least} bytes for ${hash_function}` });
    if (usesPseudonyms(settings) && bytes.byteLength(pseudonym_key.reveal()) < pseudonymKeyBytesMin)
      context.addIssue({
        code: 'custom',
        path: ['pseudonym_key'],
        message: `must have at least ${pseudonymKeyBytesMin} bytes for pseudonyms`,
      });
  });

interface Acting {
  readonly action: string;
  readonly actions: Readonly<Record<string, string | undefined>>;
  readonly rules: readonly { readonly action: string }[];
}

function usesPseudonyms({ action, actions, rules }: Acting): boolean {
  return [action, ...Object.values(actions), ...rules.map((rule) => rule.action)].includes('pseudonym');
}

export type Settings = Readonly<Omit<z.output<typeof schema>, 'url_sanitizer' | 'db_sanitizer'>>;

/** Whether anything is set that the Collector does not have. */
export function isDeep({ targets, recurse, parse_json_strings, ...settings }: Settings): boolean {
  return targets !== undefined || recurse === true || parse_json_strings === true || looksForMore(settings);
}

/** Whether anything is looked for that the Collector does not look for: then everything is looked through, unless the settings say otherwise. */
export function looksForMore({
  detectors,
  presets,
  rules,
  content,
}: Pick<Settings, 'detectors' | 'presets' | 'rules' | 'content'>): boolean {
  return detectors.length > 0 || presets.length > 0 || rules.length > 0 || content !== undefined;
}
