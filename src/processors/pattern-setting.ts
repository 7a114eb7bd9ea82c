import { z } from 'zod';
import { compilePattern, type Pattern, PatternError } from '../ottl/pattern/pattern.ts';

/** A regular expression with RE2's syntax, as Go has it. It matches anywhere in a text unless it is anchored. */
export const pattern = z
  .string({ error: 'expected a regular expression' })
  .transform((text, context): Pattern => {
    try {
      return compilePattern(text);
    } catch (error) {
      if (!(error instanceof PatternError)) throw error;
      context.addIssue({ code: 'custom', message: `invalid regular expression: ${error.message}` });
      return z.NEVER;
    }
  })
  .meta({ title: 'regular expression' });

export function matchesAny(patterns: readonly Pattern[], text: string): boolean {
  for (const one of patterns) if (one.test(text)) return true;
  return false;
}
