/**
 * `apikeyauth`: one key per tenant in a header. What is known of a tenant is readable as `auth.<attribute>` by processors, routing and exporters.
 * Keys stand in a list and not as the names of a map, because names are printed by `print-config` and in messages.
 */
import { z } from 'zod';
import { secret } from '../../config/fields.ts';
import type { Authenticate, Authenticator, Deps } from '../../model/component.ts';
import { Credentials } from './credentials.ts';
import { Refusals } from './refusal.ts';

const refusals = new Refusals('ApiKey');

const key = z.strictObject({
  key: secret.refine((text) => !text.empty, { error: 'a key must not be empty' }).describe('The key.'),
  attributes: z
    .record(z.string().min(1), z.string())
    .default({})
    .transform((given): ReadonlyMap<string, string> => new Map(Object.entries(given)))
    .describe('What is known of whoever shows it, e.g. `tenant: acme`.'),
});

const schema = z.strictObject({
  header: z.string().min(1).default('x-api-key').describe('The header that carries the key.'),
  keys: z
    .array(key)
    .min(1, { error: 'must have at least one key' })
    .refine((keys) => new Set(keys.map((one) => one.key.reveal())).size === keys.length, { error: 'a key is listed twice' })
    .describe('The keys that are let in.'),
});

export const apiKeyAuth = {
  kind: 'extension',
  type: 'apikeyauth',
  aliases: ['api_key_auth'],
  summary: 'Lets callers in by an API key and tells which tenant they are.',
  signals: [],
  stability: 'beta',
  schema,
  create: (config: unknown, _deps: Deps): Authenticator => {
    const { header, keys } = config as z.output<typeof schema>;
    const name = header.toLowerCase();
    const tenants = new Credentials(keys.map((one) => [one.key.reveal(), one.attributes]));
    const authenticate: Authenticate = async (metadata) => {
      const tenant = tenants.find(refusals.soleHeader(metadata, name));
      if (!tenant) throw refusals.unauthenticated(`its ${name} is not known`);
      return tenant;
    };
    return { authenticate, start: async () => {}, stop: async () => {} };
  },
} as const;
