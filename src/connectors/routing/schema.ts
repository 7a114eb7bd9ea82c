import { z } from 'zod';
import { texts } from '../../config/fields.ts';
import { StatementError } from '../../ottl/ottl.ts';
import { compileRoute, contextOfRoute, type RouteTexts } from './compile-route.ts';

const contextNames = ['request', 'otelcol', 'resource', 'scope', 'span', 'log'] as const;

const row = z
  .strictObject({
    context: z
      .enum(contextNames)
      .optional()
      .describe('What is routed as a whole: all data of a request, a resource, a span, a log record. Inferred, else `resource`.'),
    condition: z.string().optional().describe('OTTL condition, e.g. `request["x-tenant"] == "acme"`.'),
    statement: z.string().optional().describe('Instead of a condition: `route() where …`, `delete_key(…) where …`.'),
    pipelines: texts.describe('Where matching data goes: pipelines that list this connector as a receiver.'),
    action: z.enum(['move', 'copy']).default('move').describe('`copy` leaves the data for later rows and the default, too.'),
  })
  .superRefine((given, context) => {
    const problem = (path: string[], message: string) => context.addIssue({ code: 'custom', path, message });
    if (given.pipelines.length === 0) problem(['pipelines'], 'invalid route: no pipelines defined');
    if (given.condition === undefined && given.statement === undefined) problem([], 'invalid route: no condition or statement provided');
    else if (given.condition !== undefined && given.statement !== undefined)
      problem([], 'invalid route: both condition and statement provided');
    else checkRoute(given, problem);
  });

function checkRoute(given: RouteTexts, problem: (path: string[], message: string) => void): void {
  const path = [given.condition === undefined ? 'statement' : 'condition'];
  try {
    const context = contextOfRoute(given);
    if (context === undefined) problem(path, `context is not available here (contexts here: [${contextNames.join(' ')}])`);
    else compileRoute(given, context, 'propagate', () => {});
  } catch (error) {
    if (!(error instanceof StatementError)) throw error;
    for (const { text } of error.problems) problem(path, text);
  }
}

export const schema = z.strictObject({
  table: z
    .array(row)
    .min(1, { error: 'invalid routing table: the routing table is empty' })
    .describe('Rows in order; the first that matches takes the data.'),
  default_pipelines: texts.default([]).describe('Where data goes that no row moves. None: it is dropped and counted.'),
  error_mode: z
    .enum(['ignore', 'silent', 'propagate'])
    .default('propagate')
    .describe(
      'What an error at run does: `ignore` logs it and counts as no match, `silent` does not log, `propagate` refuses the whole batch.',
    ),
});

export type Settings = z.output<typeof schema>;
