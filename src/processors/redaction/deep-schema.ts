/** What the Collector's redaction does not have. All of it is optional; with none of it, the processor is the Collector's. */
import { z } from 'zod';
import { byteSize, secret } from '../../config/fields.ts';
import { didYouMean } from '../../model/closest.ts';
import { pattern } from '../pattern-setting.ts';
import { actions } from './deep/action.ts';
import type { contentKinds } from './deep/content-keys.ts';
import { JsonPathError, parseJsonPath } from './deep/json-path.ts';
import { parseRulePath, rulePathNames } from './deep/rule-path.ts';
import { targets } from './deep/targets.ts';
import { detectorNames } from './detect/detect.ts';

/** Bytes of a key that keeps pseudonyms from being guessed. */
export const pseudonymKeyBytesMin = 32;

const detector = z.enum(detectorNames as readonly [string, ...string[]]).meta({ title: 'detector' });
const action = z.enum(actions);
const policy = z.enum(['keep', 'mask', 'drop']).default('keep');
const ruleName = z
  .string()
  .regex(/^[a-z][a-z0-9_]{0,63}$/, { error: 'must be lower-case letters, digits and "_", beginning with a letter' });

const rulePath = z
  .string()
  .transform((text, context) => {
    const path = parseRulePath(text);
    if (path) return path;
    const name = text.replace(/\[.*$/s, '');
    const hint = rulePathNames.includes(name) ? undefined : didYouMean(name, rulePathNames);
    const message = `invalid path "${text}": ${hint ?? 'write for example attributes["user.id"] or log.body'}`;
    context.addIssue({ code: 'custom', message });
    return z.NEVER;
  })
  .meta({ title: 'path' });

const jsonPath = z
  .string()
  .transform((text, context) => {
    try {
      return parseJsonPath(text);
    } catch (error) {
      if (!(error instanceof JsonPathError)) throw error;
      const { column, message } = error;
      context.addIssue({ code: 'custom', message: `1:${column + 1}: ${message}\n  ${text}\n  ${' '.repeat(column)}^` });
      return z.NEVER;
    }
  })
  .meta({ title: 'JSON path' });

const rule = z
  .strictObject({
    name: ruleName.optional().describe('What metrics, explanations and tokens call it; `rule_1` for the first if it has none.'),
    path: rulePath
      .optional()
      .describe('Which text it is about, as OTTL writes it: `attributes["input.value"]` (of spans), `resource.attributes`, `log.body`, …'),
    key_pattern: pattern.optional().describe('Attributes whose key matches, in the place that `path` names or in any.'),
    json_path: jsonPath
      .optional()
      .describe('What inside of it, be it a map or JSON in a text: `$.messages[*].content`. Names, `[n]`, `[*]` and `..` are understood.'),
    action: action
      .default('mask')
      .describe('What becomes of it. Of a list or map, every text in it, but not the roles and types of messages; `keep` leaves it alone.'),
    detectors: z.array(detector).min(1).optional().describe('Only what these find in it; the whole value without them.'),
    replacement: z.string().optional().describe('What `mask` puts in its place.'),
    max_length: z.int().min(1).optional().describe('Characters that `truncate` leaves; 4 if not given.'),
  })
  .refine(({ path, key_pattern, json_path }) => path !== undefined || key_pattern !== undefined || json_path !== undefined, {
    error: 'must have a path, a key_pattern or a json_path',
  });

export type RuleSettings = z.output<typeof rule>;

export const deepShape = {
  targets: z
    .array(z.enum(targets))
    .min(1)
    .optional()
    .describe(
      'Where it looks: attributes (resource, scope, span, span_event, span_link, log) and other fields. Without detectors, presets, rules and content: the ' +
        "Collector's resource, scope, span, span_event, log and log_body; with any of them: all.",
    ),
  recurse: z.boolean().optional().describe('Looks into lists and maps. By default only with detectors, presets, rules or content.'),
  parse_json_strings: z
    .boolean()
    .optional()
    .describe(
      'Looks into JSON in texts, and in JSON in such texts; only the strings that change are written anew. By default as for recurse.',
    ),
  detectors: z.array(detector).default([]).describe('What to look for in every text and every name.'),
  presets: z
    .array(z.enum(['pii', 'secrets', 'strict']))
    .default([])
    .describe('Sets of detectors: personal data, secrets, or all that there are.'),
  action: action
    .default('mask')
    .describe(
      'What becomes of what a detector finds: `mask` by replacement; `pseudonym`, a token that is the same for the same text; `hash` by hash_function ' +
        '(SHA-256 if none); `truncate` to its beginning; `drop` the attribute, or the member of a list or map, which becomes null; `keep` it.',
    ),
  actions: z.partialRecord(detector, action).default({}).describe('By detector, where it is not `action`.'),
  replacement: z
    .string()
    .default('<{detector}>')
    .describe('What `mask` puts in place of what was found; `{detector}` is the name of the detector or rule.'),
  pseudonym_key: secret
    .prefault('')
    .describe(`Key of the HMAC-SHA256 behind pseudonyms, at least ${pseudonymKeyBytesMin} bytes, the same on every replica.`),
  rules: z.array(rule).max(100).default([]).describe('What is redacted by its place. The first rule that leads to a value decides.'),
  content: z
    .strictObject({
      inputs: policy.describe('Prompts, questions, documents that go in.'),
      outputs: policy.describe('Answers, completions, retrieved documents.'),
      system_prompts: policy.describe('System and developer messages.'),
      tool_arguments: policy.describe('What tools are called with.'),
      tool_results: policy.describe('What tools answer.'),
      images: policy.describe('Images, by their place or as data URLs.'),
    } satisfies Record<(typeof contentKinds)[number], z.ZodType>)
    .optional()
    .describe(
      'Policies for what people and models said, in the attributes, events and log bodies of every dialect: `mask` leaves roles, tool names, counts and ' +
        'numbers and replaces each text by `<redacted>`; `drop` leaves attributes out and texts empty.',
    ),
  budget: z
    .strictObject({
      value: byteSize.prefault('16MiB').describe('Longest text that is looked through; a longer one is masked whole.'),
      batch: byteSize
        .prefault('256MiB')
        .describe(
          'Work for the texts of one batch: ample for so many bytes of the worst text, and for many times that of an ordinary one; what comes behind is masked whole.',
        ),
    })
    .prefault({})
    .describe('How much is looked through. What is over budget becomes `<redacted: over budget>`, is counted, and the batch goes on.'),
};
