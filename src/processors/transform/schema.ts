import { z } from 'zod';
import type { Signal } from '../../model/batch.ts';
import { checkTexts } from '../statements/check.ts';
import { contextName, errorMode } from '../statements/schema.ts';

const group = z.strictObject({
  context: contextName.optional(),
  conditions: z.array(z.string()).default([]).describe('The statements run where any of them holds.'),
  statements: z.array(z.string()).default([]),
  error_mode: errorMode.optional(),
});

export type StatementGroup = z.output<typeof group>;

function statementsOf(signal: Signal) {
  return z
    .array(z.union([z.string(), group], { error: 'expected a statement, or a group of statements' }))
    .default([])
    .superRefine((given, context) => {
      for (const [at, one] of given.entries()) {
        if (typeof one === 'string') {
          checkTexts({ statements: [one] }, signal, (_field, _index, message) => context.addIssue({ code: 'custom', path: [at], message }));
        } else {
          checkTexts(one, signal, (field, index, message) => context.addIssue({ code: 'custom', path: [at, field, index], message }));
        }
      }
    });
}

const elsewhere = z.array(z.unknown()).optional().describe('Accepted for compatibility: nothing here carries this signal.');

export const schema = z.strictObject({
  error_mode: errorMode.default('ignore'),
  trace_statements: statementsOf('traces').describe('OTTL statements, or groups `{context, conditions, statements, error_mode}`.'),
  log_statements: statementsOf('logs').describe('Likewise, for log records.'),
  metric_statements: elsewhere,
  profile_statements: elsewhere,
});

export type Settings = z.output<typeof schema>;
export type Statements = Settings['trace_statements'];
