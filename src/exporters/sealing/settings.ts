/** Setting of every exporter that keeps callers' credentials in its journal. */
import { z } from 'zod';
import { secret } from '../../config/fields.ts';

const charactersMin = 16;
const sealingKey = secret.refine((key) => key.reveal().length >= charactersMin, {
  error: `a sealing key needs at least ${charactersMin} characters; make one with: openssl rand -hex 32`,
});

export const keySealing = z
  .strictObject({
    key: z
      .union([sealingKey.transform((key) => [key]), z.array(sealingKey).min(1).max(8)])
      .describe(
        'The first seals, all unseal. To rotate: put the new key in front of the old one on every replica; take the old one out when nothing waits any more that it sealed.',
      ),
  })
  .optional()
  .describe(
    'Keys and headers of tenants stand in the journal sealed (AES-256-GCM) with this key, the same on every replica. Without it one is made in a file that only its owner may read, `sealing-key` beside the file journal. Data whose key cannot be unsealed is kept, and health says so.',
  );

/** Who is asked for the headers of a request. */
export const auth = z
  .strictObject({
    authenticator: z.string().min(1).describe('A `headers_setter` extension: sets headers by what came with the data.'),
  })
  .optional()
  .describe('Headers by caller. They travel through the journal sealed, as `key_sealing` says.');
