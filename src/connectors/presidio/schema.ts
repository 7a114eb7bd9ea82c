import { z } from 'zod';
import { duration, headers, secret } from '../../config/fields.ts';
import { bytes } from '../../model/bytes.ts';
import { actions, pseudonymKeyBytesMin, targets } from '../../processors/redaction/every-text.ts';
import { entityName } from './findings.ts';

const entity = z.string().regex(entityName, { error: 'must be the name of an entity type, for example PERSON' });
const action = z.enum(actions);

export const schema = z
  .strictObject({
    endpoint: z
      .url({ protocol: /^https?$/, error: 'expected a URL such as "http://localhost:5002"' })
      .describe('Where the analyzer listens; texts are sent to `/analyze` below it and nowhere else.'),
    headers: headers.prefault({}).describe('Sent with each request, for example for authentication.'),
    language: z
      .string()
      .regex(/^[\w-]{1,35}$/)
      .default('en')
      .describe('Language of the texts.'),
    entities: z.array(entity).min(1).optional().describe('Entity types to look for; all that the analyzer knows without it.'),
    score_threshold: z.number().min(0).max(1).optional().describe('How sure the analyzer must be; its own default without it.'),
    targets: z
      .array(z.enum(targets))
      .min(1)
      .default([...targets])
      .describe('Where it looks, as in the redaction processor. By default everywhere.'),
    action: action.default('mask').describe('What becomes of what was found, as in the redaction processor.'),
    actions: z.record(entity, action).default({}).describe('By entity type, where it is not `action`.'),
    replacement: z
      .string()
      .default('<{detector}>')
      .describe('What `mask` puts in place of what was found; `{detector}` is the entity type.'),
    pseudonym_key: secret.prefault('').describe(`Key of pseudonyms, at least ${pseudonymKeyBytesMin} bytes, the same on every replica.`),
    failure_mode: z
      .enum(['refuse', 'mask', 'pass'])
      .default('refuse')
      .describe(
        'Without an answer: `refuse` the batch, so that its sender tries again; `mask` whole each text that was not analyzed; `pass` it on as it is.',
      ),
    timeout: duration.prefault('10s').describe('How long a batch waits for the answers to all its texts.'),
    batch_size: z
      .int()
      .min(1)
      .max(500)
      .default(1)
      .describe('Texts in one request. More than one needs an analyzer that takes lists of texts; then it is much faster.'),
    max_concurrent_requests: z.int().min(1).max(256).default(8).describe('Requests at the same time.'),
    max_waiting_texts: z.int().min(1).default(10_000).describe('Texts under way; beyond it batches are refused for now.'),
    max_text_length: z.int().min(1).max(10_000_000).default(100_000).describe('Characters of a text; a longer one is masked whole.'),
  })
  .superRefine(({ action: general, actions: byEntity, pseudonym_key }, context) => {
    if (![general, ...Object.values(byEntity)].includes('pseudonym')) return;
    if (bytes.byteLength(pseudonym_key.reveal()) >= pseudonymKeyBytesMin) return;
    context.addIssue({
      code: 'custom',
      path: ['pseudonym_key'],
      message: `must have at least ${pseudonymKeyBytesMin} bytes for pseudonyms`,
    });
  });

export type Settings = Readonly<z.output<typeof schema>>;
