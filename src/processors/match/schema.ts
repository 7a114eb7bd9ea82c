import { z } from 'zod';
import { texts } from '../../config/fields.ts';
import { compilePattern, PatternError } from '../../ottl/pattern/pattern.ts';
import { settingValue } from '../setting-value.ts';

const severityNames: readonly string[] = ['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL'];

/** `SeverityNumber` of opentelemetry-proto, or its name: `INFO`, `WARN2`. */
const severity = z.union([z.int().min(0).max(24), z.string()]).transform((given, context) => {
  if (typeof given === 'number') return given;
  const [, name = '', step = '1'] = /^([A-Z]+)([2-4]?)$/i.exec(given) ?? [];
  const rank = severityNames.indexOf(name.toUpperCase());
  if (rank < 0) context.addIssue({ code: 'custom', message: `invalid severity "${given}" (write 1 to 24, or for example "WARN")` });
  return rank * 4 + (Number(step) || 1);
});

export const severityNumber = z.strictObject({
  min: severity.describe('Least severity that matches.'),
  match_undefined: z.boolean().default(false).describe('Whether records without a severity match.'),
});

export const matchType = z
  .enum(['strict', 'regexp'])
  .describe('Whether texts are compared as a whole or searched with regular expressions.');

export const regexpCache = z
  .strictObject({ cacheenabled: z.boolean().optional(), cachemaxnumentries: z.int().optional() })
  .meta({ title: 'cache', description: 'Accepted for compatibility: patterns need no cache here.' });

export const attribute = z.strictObject({
  key: z.string().min(1, { error: 'must not be empty' }),
  value: settingValue.describe('Any value if it is not given.'),
});

const library = z.strictObject({ name: z.string(), version: z.string().optional().describe('Any version if it is not given.') });

export const matchFields = z.strictObject({
  match_type: matchType,
  regexp: regexpCache.optional(),
  services: texts.default([]).describe('`service.name` of the resource.'),
  span_names: texts.default([]).describe('Names of spans.'),
  span_kinds: texts.default([]).describe('For example `SPAN_KIND_SERVER`.'),
  log_bodies: texts.default([]).describe('Bodies of log records, where they are texts.'),
  log_severity_texts: texts.default([]).describe('`severity_text` of log records.'),
  log_severity_number: severityNumber.optional(),
  attributes: z.array(attribute).default([]).describe('All of them must match.'),
  resources: z.array(attribute).default([]).describe('Attributes of the resource; all of them must match.'),
  libraries: z.array(library).default([]).describe('Instrumentation scopes; one of them must match.'),
});

export type MatchSettings = z.output<typeof matchFields>;
type ListField = 'services' | 'span_names' | 'span_kinds' | 'log_bodies' | 'log_severity_texts';

const spanLists: readonly ListField[] = ['services', 'span_names', 'span_kinds'];
const logLists: readonly ListField[] = ['log_bodies', 'log_severity_texts'];
export const kindNames = [
  'SPAN_KIND_UNSPECIFIED',
  'SPAN_KIND_INTERNAL',
  'SPAN_KIND_SERVER',
  'SPAN_KIND_CLIENT',
  'SPAN_KIND_PRODUCER',
  'SPAN_KIND_CONSUMER',
];

export const matchSettings = matchFields.superRefine((given, context) => {
  const problem = (path: (string | number)[], message: string) => context.addIssue({ code: 'custom', path, message });
  if (!restricts(given)) problem([], 'must have at least one property to match');
  if (isForSpans(given) && isForLogs(given)) problem([], 'must not mix properties of spans and of log records');
  if (given.match_type === 'strict') {
    for (const [index, kind] of given.span_kinds.entries()) {
      if (!kindNames.slice(1).includes(kind))
        problem(['span_kinds', index], `unknown span kind "${kind}" (valid values: [${kindNames.slice(1).join(' ')}])`);
    }
    return;
  }
  for (const field of [...spanLists, ...logLists]) checkPatterns(given[field], [field], problem);
  checkPatterns(
    given.libraries.map(({ name }) => name),
    ['libraries'],
    problem,
  );
  for (const field of ['attributes', 'resources'] as const) {
    for (const [index, { value }] of given[field].entries()) {
      if (typeof value === 'string') checkPatterns([value], [field, index, 'value'], problem);
      else if (value !== undefined) problem([field, index, 'value'], 'must be a text where match_type is "regexp"');
    }
  }
});

export function isForSpans(given: MatchSettings): boolean {
  return spanLists.some((field) => given[field].length > 0);
}

export function isForLogs(given: MatchSettings): boolean {
  return given.log_severity_number !== undefined || logLists.some((field) => given[field].length > 0);
}

function restricts(given: MatchSettings): boolean {
  return isForSpans(given) || isForLogs(given) || given.attributes.length > 0 || given.resources.length > 0 || given.libraries.length > 0;
}

function checkPatterns(
  sources: readonly string[],
  path: (string | number)[],
  problem: (path: (string | number)[], message: string) => void,
): void {
  for (const [index, source] of sources.entries()) {
    try {
      compilePattern(source);
    } catch (error) {
      if (!(error instanceof PatternError)) throw error;
      problem([...path, index], `invalid regular expression "${source}": ${error.message}`);
    }
  }
}
