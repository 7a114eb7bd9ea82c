/**
 * `headers_setter`: headers of an exporter's requests, by what came with the data. An exporter names it as its `auth.authenticator`.
 * Source of fields and actions: the Collector's headerssetterextension.
 */
import { z } from 'zod';
import type { Caller } from '../model/batch.ts';
import type { Deps, HeadersSetter } from '../model/component.ts';
import { Fault } from '../model/fault.ts';
import type { Secret } from '../model/secret.ts';

/** What HTTP frames a request with is nobody's to set. */
const reserved: ReadonlySet<string> = new Set(
  'connection content-encoding content-length content-type expect host keep-alive te trailer transfer-encoding upgrade'.split(' '),
);

const header = z
  .strictObject({
    action: z
      .enum(['insert', 'update', 'upsert', 'delete'])
      .default('upsert')
      .describe('`insert`: only where the exporter sets none; `update`: only where it does; `upsert`: always; `delete`: takes it away.'),
    key: z
      .string()
      .regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/, { error: 'expected the name of a header' })
      .transform((name) => name.toLowerCase())
      .refine((name) => !reserved.has(name), { error: 'this header belongs to the transport' })
      .describe('Name of the header.'),
    value: z.string().optional().describe('The value itself.'),
    from_context: z.string().min(1).optional().describe('Name of a header or gRPC metadata that came with the data.'),
    from_attribute: z.string().min(1).optional().describe('Name of an attribute that the authenticator of the receiver found out.'),
    default_value: z.string().optional().describe('What is taken if there is no such value. Without it the header stays as it is.'),
  })
  .refine(({ action, ...given }) => action === 'delete' || sourcesOf(given) === 1, {
    error: 'missing header source: must be one of value, from_context or from_attribute',
  });

const schema = z.strictObject({
  headers: z.array(header).min(1, { error: 'missing headers definition' }).max(64).describe('In this order.'),
});

type Header = z.output<typeof header>;

interface Sources {
  readonly value?: string | undefined;
  readonly from_context?: string | undefined;
  readonly from_attribute?: string | undefined;
}

function sourcesOf({ value, from_context, from_attribute }: Sources): number {
  return [value, from_context, from_attribute].filter((source) => source !== undefined).length;
}

export const headersSetter = {
  kind: 'extension',
  type: 'headers_setter',
  aliases: [],
  summary: 'Sets headers of an exporter’s requests by what came with the data.',
  signals: [],
  stability: 'beta',
  schema,
  create: (config: unknown, _deps: Deps): HeadersSetter => {
    const { headers } = config as z.output<typeof schema>;
    return {
      headersOf: (caller, configured) => changesOf(headers, caller, configured),
      start: async () => {},
      stop: async () => {},
    };
  },
} as const;

function changesOf(
  headers: readonly Header[],
  caller: Caller,
  configured: ReadonlyMap<string, Secret>,
): ReadonlyMap<string, string | null> {
  const changes = new Map<string, string | null>();
  const isSet = (name: string): boolean => (changes.has(name) ? changes.get(name) !== null : configured.has(name));
  for (const one of headers) {
    const { action, key } = one;
    if (action === 'delete') changes.set(key, null);
    else if (action === 'upsert' || isSet(key) === (action === 'update')) {
      const value = headerValue(one, caller);
      if (value !== undefined) changes.set(key, value);
    }
  }
  return changes;
}

function headerValue({ key, value, from_context, from_attribute, default_value }: Header, caller: Caller): string | undefined {
  const found = value ?? (from_context === undefined ? caller.auth?.get(from_attribute as string) : soleOf(from_context, caller));
  const text = found === undefined || found === '' ? default_value : found;
  if (text !== undefined && !/^[\x20-\x7e]*$/.test(text))
    throw refused(`what came for header "${key}" holds a character that HTTP does not allow`);
  return text;
}

/** Of several values nobody knows which one counts, and the wrong one might be another tenant's. */
function soleOf(name: string, { metadata }: Caller): string | undefined {
  const values = metadata.get(name.toLowerCase()) ?? [];
  if (values.length > 1) throw refused(`"${name}" came ${values.length} times`);
  return values[0];
}

function refused(reason: string): Fault {
  return new Fault('GW_RECEIVE_UNAUTHENTICATED', `cannot take the request: ${reason}`, { hint: 'send the header once, in ASCII' });
}
