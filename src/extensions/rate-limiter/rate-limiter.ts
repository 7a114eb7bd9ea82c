/**
 * `rate_limiter`: how much each tenant may send, in requests, bytes on the wire and spans per second. Receivers name it among their `middlewares`; those
 * that name the same one share its budgets, so that a tenant gains nothing by sending over both protocols. Who sends too much gets 429 (gRPC
 * RESOURCE_EXHAUSTED) with the time to wait, and nobody else notices. Each process counts for itself.
 */
import { z } from 'zod';
import { byteSize, duration } from '../../config/fields.ts';
import type { Deps, Limiter, Sender } from '../../model/component.ts';
import { networkOf } from '../../model/network.ts';
import { type Resource, Tenants } from './tenants.ts';

const rate = z.number().positive();

const schema = z
  .strictObject({
    key: z
      .string()
      .regex(/^(?:client\.address|(?:metadata|auth)\..+)$/, {
        error: 'expected "client.address", "metadata.<header>" or "auth.<attribute>"',
      })
      .default('client.address')
      .describe(
        'Who is one tenant: the address (of IPv6 the /64), a header, or what the authenticator found out. Only the last cannot be made up. Requests without it share one budget.',
      ),
    requests_per_second: rate.optional().describe('Requests of one tenant.'),
    bytes_per_second: byteSize.optional().describe('Bytes of their bodies, as they come over the wire.'),
    spans_per_second: rate.optional().describe('Spans and log records in them.'),
    burst: duration
      .default(5_000)
      .describe(
        'What was not used for so long can be used at once. One request may be larger; what it took too much is waited for afterwards.',
      ),
    tenants_max: z.int().positive().max(1_000_000).default(10_000).describe('Tenants that are told apart at the same time.'),
  })
  .refine(({ requests_per_second: requests, bytes_per_second: size, spans_per_second: spans }) => requests ?? size ?? spans, {
    error: 'at least one of "requests_per_second", "bytes_per_second" and "spans_per_second" must be above 0',
  });

type Config = z.output<typeof schema>;

export const rateLimiter = {
  kind: 'extension',
  type: 'rate_limiter',
  aliases: ['ratelimiter'],
  summary: 'Limits what each tenant may send.',
  signals: [],
  stability: 'beta',
  schema,
  create: (config: unknown, deps: Deps): Limiter => {
    const { key, burst, tenants_max: tenantsMax, ...rates } = config as Config;
    const perSecond = new Map<Resource, number>();
    if (rates.requests_per_second) perSecond.set('requests', rates.requests_per_second);
    if (rates.bytes_per_second) perSecond.set('bytes', rates.bytes_per_second);
    if (rates.spans_per_second) perSecond.set('items', rates.spans_per_second);
    const tenants = new Tenants({ perSecond, burstMs: burst }, tenantsMax, () => deps.clock.now());
    const tenantOf = reader(key);
    return { allowanceOf: (sender) => tenants.budgetOf(tenantOf(sender)), start: async () => {}, stop: async () => {} };
  },
} as const;

/** '' for whoever does not say it. */
function reader(key: string): (sender: Sender) => string {
  const name = key.slice(key.indexOf('.') + 1);
  if (key.startsWith('metadata.')) return ({ metadata }) => metadata.get(name.toLowerCase())?.join('\n') ?? '';
  if (key.startsWith('auth.')) return ({ auth }) => auth?.get(name) ?? '';
  return ({ address }) => networkOf(address);
}
