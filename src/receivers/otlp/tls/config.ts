/** The `tls` block of a listener: names and defaults of the Collector's configtls, server side. */
import { z } from 'zod';
import { duration, secret } from '../../../config/fields.ts';
import { curveNames, suiteNames } from './cipher-suites.ts';

const version = z.enum(['1.2', '1.3']);

export const tlsSchema = z
  .strictObject({
    cert_file: z.string().min(1).optional().describe('The server certificate with its chain, PEM.'),
    cert_pem: z.string().min(1).optional().describe('The same, as text.'),
    key_file: z.string().min(1).optional().describe('Its private key, PEM.'),
    key_pem: secret.optional().describe('The same, as text.'),
    client_ca_file: z.string().min(1).optional().describe('Client certificates must be signed by this CA (mutual TLS).'),
    client_ca_file_reload: z.boolean().optional().describe('Without effect: all files are looked at, every `reload_interval`.'),
    min_version: version.default('1.2').describe('Oldest TLS version.'),
    max_version: version.optional().describe('Newest TLS version.'),
    cipher_suites: z
      .array(z.enum(suiteNames))
      .min(1)
      .optional()
      .describe('Cipher suites of TLS 1.2. Those of TLS 1.3 are not to be chosen.'),
    curve_preferences: z.array(z.enum(curveNames)).min(1).optional().describe('Curves of the key exchange, the best first.'),
    reload_interval: duration
      .default(10_000)
      .describe('How often the files are looked at; new ones hold for new connections. `0`: only when the configuration is loaded again.'),
  })
  .refine((given) => (given.cert_file === undefined) !== (given.cert_pem === undefined), {
    error: 'provide the certificate as "cert_file" or as "cert_pem"',
  })
  .refine((given) => (given.key_file === undefined) !== (given.key_pem === undefined), {
    error: 'provide the key as "key_file" or as "key_pem"',
  })
  .refine(({ min_version: min, max_version: max }) => max === undefined || min <= max, {
    error: '"max_version" must not be below "min_version"',
  });

export type TlsConfig = z.output<typeof tlsSchema>;
