import { z } from 'zod';
import type { Signal } from '../../model/batch.ts';
import type { ContextName } from '../../ottl/ottl.ts';
import { attribute, type MatchSettings, matchFields, matchSettings, matchType, regexpCache, severityNumber } from '../match/match.ts';
import { checkTexts } from '../statements/check.ts';
import { contextName, errorMode } from '../statements/schema.ts';

const group = z.strictObject({
  context: contextName.optional(),
  conditions: z.array(z.string()).min(1, { error: 'must have at least one condition' }),
  error_mode: errorMode.optional(),
});

/** Links are no records of their own that could be dropped. */
export const filterContexts: Readonly<Record<Signal, readonly ContextName[]>> = {
  traces: ['resource', 'scope', 'span', 'spanevent'],
  logs: ['resource', 'scope', 'log'],
};

function conditionsOf(signal: Signal) {
  return z
    .array(z.union([z.string(), group], { error: 'expected a condition, or a group of conditions' }))
    .default([])
    .superRefine((given, context) => {
      for (const [at, one] of given.entries()) {
        const texts = typeof one === 'string' ? { conditions: [one] } : one;
        checkTexts(
          texts,
          signal,
          (field, index, message) =>
            context.addIssue({ code: 'custom', path: typeof one === 'string' ? [at] : [at, field, index], message }),
          filterContexts[signal],
        );
      }
    });
}

/** The style with one list per context. */
function conditionsIn(name: ContextName, signal: Signal) {
  return z
    .array(z.string())
    .default([])
    .superRefine((conditions, context) => {
      checkTexts({ context: name, conditions }, signal, (_field, index, message) =>
        context.addIssue({ code: 'custom', path: [index], message }),
      );
    });
}

const includeExclude = { include: matchSettings.optional(), exclude: matchSettings.optional() };

/** The oldest style of log filters has names of its own for the same properties. */
const logMatch = z
  .strictObject({
    match_type: matchType,
    regexp: regexpCache.optional(),
    resource_attributes: z.array(attribute).default([]),
    record_attributes: z.array(attribute).default([]),
    severity_texts: z.array(z.string()).default([]),
    severity_number: severityNumber.optional(),
    bodies: z.array(z.string()).default([]),
  })
  .transform((given, context): MatchSettings => {
    const settings = matchFields.parse({ match_type: given.match_type });
    const translated: MatchSettings = {
      ...settings,
      attributes: given.record_attributes,
      resources: given.resource_attributes,
      log_severity_texts: given.severity_texts,
      log_bodies: given.bodies,
      log_severity_number: given.severity_number,
    };
    for (const { message } of matchSettings.safeParse(translated).error?.issues ?? []) context.addIssue({ code: 'custom', message });
    return translated;
  });

const elsewhere = z.unknown().optional().describe('Accepted for compatibility: nothing here carries this signal.');

export const schema = z
  .strictObject({
    error_mode: errorMode.default('ignore'),
    trace_conditions: conditionsOf('traces').describe(
      'What one of these OTTL conditions holds for is dropped. Or groups `{context, conditions, error_mode}`.',
    ),
    log_conditions: conditionsOf('logs').describe('Likewise, for log records.'),
    traces: z
      .strictObject({
        resource: conditionsIn('resource', 'traces'),
        scope: conditionsIn('scope', 'traces'),
        span: conditionsIn('span', 'traces'),
        spanevent: conditionsIn('spanevent', 'traces'),
      })
      .optional()
      .describe('Conditions by context; the style before trace_conditions.'),
    logs: z
      .strictObject({
        resource: conditionsIn('resource', 'logs'),
        scope: conditionsIn('scope', 'logs'),
        log_record: conditionsIn('log', 'logs'),
        include: logMatch.optional(),
        exclude: logMatch.optional(),
      })
      .optional()
      .describe('Conditions by context, or the still older include and exclude.'),
    spans: z.strictObject(includeExclude).optional().describe('The oldest style: only what is included, and not excluded, is kept.'),
    metrics: elsewhere,
    metric_conditions: elsewhere,
    profiles: elsewhere,
    profile_conditions: elsewhere,
  })
  .superRefine((given, context) => {
    const problem = (field: string, message: string) => context.addIssue({ code: 'custom', path: [field], message });
    const fresh = given.trace_conditions.length > 0 ? 'trace_conditions' : given.log_conditions.length > 0 ? 'log_conditions' : undefined;
    const old = (['traces', 'logs', 'spans'] as const).find((field) => given[field] !== undefined);
    if (fresh !== undefined && old !== undefined) problem(old, `cannot be used together with ${fresh}`);
    if (given.spans && given.traces) problem('spans', 'cannot be used together with traces');
    const { logs } = given;
    if (logs && (logs.include || logs.exclude) && logs.resource.length + logs.scope.length + logs.log_record.length > 0)
      problem('logs', 'include and exclude cannot be used together with conditions');
  });

export type Settings = z.output<typeof schema>;
