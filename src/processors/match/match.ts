/** Which spans and log records the old `include` and `exclude` settings mean. Read this file first. */
import type { LogRecord, Resource, Scope, Span } from '../../model/batch.ts';
import type { Attributes } from '../../model/value.ts';
import { compileAttributes, compileTexts, type TextMatch } from './compile-match.ts';
import { isForLogs, isForSpans, kindNames, type MatchSettings } from './schema.ts';

export { attribute, type MatchSettings, matchFields, matchSettings, matchType, regexpCache, severityNumber } from './schema.ts';

export interface Matcher {
  span(span: Span, scope: Scope, resource: Resource): boolean;
  log(record: LogRecord, scope: Scope, resource: Resource): boolean;
}

/** What is included, unless it is excluded. Without settings: everything. Properties of spans match no log record, and the other way round. */
export function createMatcher(include: MatchSettings | undefined, exclude: MatchSettings | undefined): Matcher {
  const included = include && compileMatch(include);
  const excluded = exclude && compileMatch(exclude);
  return {
    span: (span, scope, resource) => (included?.span(span, scope, resource) ?? true) && !excluded?.span(span, scope, resource),
    log: (record, scope, resource) => (included?.log(record, scope, resource) ?? true) && !excluded?.log(record, scope, resource),
  };
}

function compileMatch(settings: MatchSettings): Matcher {
  const { match_type, log_severity_number: severity } = settings;
  const [services, names, kinds, bodies, severities] = [
    settings.services,
    settings.span_names,
    settings.span_kinds,
    settings.log_bodies,
    settings.log_severity_texts,
  ].map((list) => compileTexts(list, match_type)) as [TextMatch, TextMatch, TextMatch, TextMatch, TextMatch];
  const attributes = compileAttributes(settings.attributes, match_type);
  const around = compileSurroundings(settings);
  const forSpans = !isForLogs(settings);
  const forLogs = !isForSpans(settings);
  return {
    span: (span, scope, resource) =>
      forSpans &&
      services(serviceName(resource.attributes)) &&
      names(span.name) &&
      kinds(kindNames[span.kind] ?? '') &&
      around(scope, resource) &&
      attributes(span.attributes),
    log: (record, scope, resource) =>
      forLogs &&
      (settings.log_bodies.length === 0 || (typeof record.body === 'string' && bodies(record.body))) &&
      severities(record.severityText) &&
      (severity === undefined || (record.severityNumber === 0 ? severity.match_undefined : record.severityNumber >= severity.min)) &&
      around(scope, resource) &&
      attributes(record.attributes),
  };
}

function compileSurroundings(settings: MatchSettings): (scope: Scope, resource: Resource) => boolean {
  const resources = compileAttributes(settings.resources, settings.match_type);
  const libraries = settings.libraries.map(({ name, version }) => ({ name: compileTexts([name], settings.match_type), version }));
  return (scope, resource) =>
    (libraries.length === 0 ||
      libraries.some(({ name, version }) => name(scope.name) && (version === undefined || version === scope.version))) &&
    resources(resource.attributes);
}

/** The Collector's text for a resource without a name. */
const noServiceName = '<nil-service-name>';

function serviceName(attributes: Attributes): string {
  const name = attributes.get('service.name');
  return typeof name === 'string' ? name : noServiceName;
}
