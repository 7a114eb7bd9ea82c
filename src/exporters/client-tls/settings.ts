/** The `tls` block of an exporter: the Collector's names and defaults (its configtls, client side). */
import { z } from 'zod';
import { secret } from '../../config/fields.ts';

export const clientTlsFields = {
  insecure_skip_verify: z.boolean().prefault(false).describe('Takes any certificate of the server.'),
  server_name_override: z
    .string()
    .prefault('')
    .describe('Name that the server’s certificate must have, if it is not that of the endpoint.'),
  ca_file: z.string().min(1).optional().describe('The server’s certificate must be signed by this CA, PEM.'),
  ca_pem: z.string().min(1).optional().describe('The same, as text.'),
  cert_file: z.string().min(1).optional().describe('Certificate of this client, PEM.'),
  cert_pem: z.string().min(1).optional().describe('The same, as text.'),
  key_file: z.string().min(1).optional().describe('Private key of the certificate, PEM.'),
  key_pem: secret.optional().describe('The same, as text.'),
  min_version: z.enum(['1.2', '1.3']).prefault('1.2').describe('Oldest TLS version.'),
};

interface Pair {
  readonly cert_file?: string | undefined;
  readonly cert_pem?: string | undefined;
  readonly key_file?: string | undefined;
  readonly key_pem?: unknown;
}

/** With the fields that an exporter has beside, or instead of, those of all. */
export function clientTlsSchema<Fields extends typeof clientTlsFields>(fields: Fields) {
  return z
    .strictObject(fields)
    .refine((given) => isPaired(given as Pair), { error: 'a client certificate needs both a certificate and a key' });
}

function isPaired({ cert_file, cert_pem, key_file, key_pem }: Pair): boolean {
  return (cert_file ?? cert_pem) === undefined ? (key_file ?? key_pem) === undefined : (key_file ?? key_pem) !== undefined;
}

const plain = z.strictObject(clientTlsFields);
export type ClientTlsSettings = z.output<typeof plain>;
