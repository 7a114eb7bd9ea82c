import { z } from 'zod';
import { secret, texts } from '../../config/fields.ts';
import { bytes } from '../../model/bytes.ts';
import { pattern } from '../pattern-setting.ts';
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
  })
  .superRefine(({ hash_function, hmac_key }, context) => {
    const least = keyBytesMin[hash_function];
    if (least !== undefined && bytes.byteLength(hmac_key.reveal()) < least)
      context.addIssue({ code: 'custom', path: ['hmac_key'], message: `must have at least ${least} bytes for ${hash_function}` });
  });

export type Settings = Readonly<Omit<z.output<typeof schema>, 'url_sanitizer' | 'db_sanitizer'>>;
