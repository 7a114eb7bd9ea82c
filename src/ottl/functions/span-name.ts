import { type Span, SpanKind } from '../../model/batch.ts';
import { OttlError } from '../fault.ts';
import { editor, literal, optional } from '../function.ts';
import { canonicalText } from './text/canonical-text.ts';

/** The span name that the semantic conventions ask for, by kind of span and what it is about. '' where they say nothing. */

function first(span: Span, ...keys: readonly string[]): string | undefined {
  for (const key of keys) {
    const value = span.attributes.get(key);
    if (value !== undefined) return canonicalText(value);
  }
  return undefined;
}

/** `address` or `address:port`. */
function server(span: Span): string {
  const address = first(span, 'server.address');
  const port = first(span, 'server.port');
  if (address === undefined) return '';
  return port === undefined ? address : `${address}:${port}`;
}

function httpName(span: Span, subjectKey: string): string {
  const method = first(span, 'http.request.method', 'http.method');
  if (method === undefined) return '';
  const subject = first(span, subjectKey);
  return subject === undefined ? method : `${method} ${subject}`;
}

function rpcName(span: Span): string {
  const system = first(span, 'rpc.system.name', 'rpc.system');
  if (system === undefined) return '';
  const method = first(span, 'rpc.method', 'rpc.grpc.method');
  const service = first(span, 'rpc.service', 'rpc.grpc.service');
  if (service === undefined) return method ?? system;
  return `${service}/${method ?? '*'}`;
}

function databaseName(span: Span): string {
  const system = first(span, 'db.system.name', 'db.system');
  if (system === undefined) return '';
  const summary = first(span, 'db.query.summary');
  if (summary !== undefined) return summary;
  const operation = first(span, 'db.operation.name', 'db.operation') ?? '';
  return [operation, databaseTarget(span)].filter((part) => part !== '').join(' ') || system;
}

function databaseTarget(span: Span): string {
  const namespace = first(span, 'db.namespace', 'db.name') ?? '';
  const part = first(span, 'db.collection.name', 'db.stored_procedure.name');
  if (part !== undefined) return namespace === '' ? part : `${namespace}.${part}`;
  return namespace || server(span);
}

function messagingName(span: Span): string {
  const system = first(span, 'messaging.system');
  if (system === undefined) return '';
  const operation = first(span, 'messaging.operation.name', 'messaging.operation');
  const destination = messagingDestination(span);
  if (destination === '') return operation ?? system;
  return operation === undefined ? destination : `${operation} ${destination}`;
}

function messagingDestination(span: Span): string {
  if (span.attributes.get('messaging.destination.temporary') === true) return '(temporary)';
  if (span.attributes.get('messaging.destination.anonymous') === true) return '(anonymous)';
  return first(span, 'messaging.destination.template', 'messaging.destination.name', 'messaging.destination') ?? server(span);
}

function semconvName(span: Span): string {
  switch (span.kind) {
    case SpanKind.server:
      return httpName(span, 'http.route') || rpcName(span) || messagingName(span);
    case SpanKind.client:
      return httpName(span, 'url.template') || rpcName(span) || databaseName(span) || messagingName(span);
    case SpanKind.producer:
    case SpanKind.consumer:
      return messagingName(span);
    default:
      return '';
  }
}

/** The versions of the conventions whose span names this is. */
const minorMin = 37;
const minorMax = 40;

function checkVersion(version: string): void {
  const found = /^v?1\.([0-9]{1,5})(\.([0-9]{1,5}))?$/.exec(version);
  const minor = Number(found?.[1]);
  if (!found || minor < minorMin || minor > minorMax || (minor === minorMax && Number(found[3] ?? 0) > 0)) {
    throw new OttlError(`unsupported semconv version "${version}": must be between 1.${minorMin}.0 and 1.${minorMax}.0`, {
      parameter: 'semconvVersion',
    });
  }
}

/** An editor of the transform processor. */
export const setSemconvSpanName = editor({
  name: 'set_semconv_span_name',
  summary: 'Renames a span as the semantic conventions ask; the former name goes to an attribute if one is named.',
  example: 'set_semconv_span_name("1.37.0", "original_name")',
  parameters: { semconvVersion: literal.string, originalSpanNameAttribute: optional(literal.string) },
  contexts: ['span'],
  compile: ({ semconvVersion, originalSpanNameAttribute: attribute }) => {
    checkVersion(semconvVersion);
    if (attribute === '')
      throw new OttlError('originalSpanNameAttribute cannot be an empty string', { parameter: 'originalSpanNameAttribute' });
    return ({ span }) => {
      const name = semconvName(span);
      if (name === '' || name === span.name) return;
      if (attribute !== undefined) span.attributes.set(attribute, span.name);
      span.name = name;
    };
  },
});
