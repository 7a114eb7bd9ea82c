import { z } from 'zod';
import type { ContextName } from '../../ottl/ottl.ts';
import { checkTexts } from '../statements/check.ts';
import { errorMode } from '../statements/schema.ts';

const share = z.number().refine((given) => given >= 0 && given <= 1, { error: 'must be from 0 to 1' });

const contexts: readonly ContextName[] = ['resource', 'scope', 'span'];

const rule = z
  .strictObject({
    name: z.string().min(1).describe('For logs.'),
    condition: z.string().describe('OTTL over the request (`request["x-tenant"]`), `resource`, `scope` or `span`.'),
    action: z.enum(['keep', 'drop', 'rate']).describe('Keeps all, drops all, or keeps the part `rate`.'),
    rate: share.optional().describe('For action `rate`: 0 to 1.'),
  })
  .superRefine(({ condition, action, rate }, context) => {
    if (action === 'rate' && rate === undefined)
      context.addIssue({ code: 'custom', path: ['rate'], message: 'must be specified for action "rate"' });
    if (action !== 'rate' && rate !== undefined)
      context.addIssue({ code: 'custom', path: ['rate'], message: `action "${action}" does not use the "rate" field` });
    checkTexts(
      { conditions: [condition] },
      'traces',
      (_field, _index, message) => context.addIssue({ code: 'custom', path: ['condition'], message }),
      contexts,
    );
  });

export type Rule = z.output<typeof rule>;

export const schema = z
  .strictObject({
    rate: share
      .default(1)
      .describe(
        'The part of traces that is kept where no rule says otherwise; LANGSMITH_TRACING_SAMPLING_RATE of the environment fits here.',
      ),
    rules: z.array(rule).default([]).describe('The first one whose condition holds decides.'),
    error_mode: errorMode.default('ignore'),
  })
  .superRefine(({ rules }, context) => {
    const names = new Set<string>();
    for (const [at, { name }] of rules.entries()) {
      if (names.has(name)) context.addIssue({ code: 'custom', path: ['rules', at, 'name'], message: `duplicate name "${name}"` });
      names.add(name);
    }
  });

export type Settings = z.output<typeof schema>;
