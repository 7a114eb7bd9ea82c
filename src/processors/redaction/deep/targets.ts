/**
 * Where text stands in a span or log record. Every string, bytes and AnyValue field of the OTLP messages is either looked at under one of these names
 * or stands in the table with the reason why it never holds what somebody said; a test compares the table with the .proto files.
 */
export const targets = [
  'resource',
  'scope',
  'scope_name',
  'schema_url',
  'span',
  'span_name',
  'trace_state',
  'status_message',
  'span_event',
  'span_event_name',
  'span_link',
  'log',
  'log_body',
  'log_event_name',
  'log_severity_text',
] as const;

export type Target = (typeof targets)[number];

/** What the Collector's processor looks at. */
export const collectorTargets: readonly Target[] = ['resource', 'scope', 'span', 'span_event', 'log', 'log_body'];

/** Targets as OTTL names them, in metrics and explanations. */
export const targetNames: Readonly<Record<Target, string>> = {
  resource: 'resource.attributes',
  scope: 'scope.attributes',
  scope_name: 'scope.name',
  schema_url: 'schema_url',
  span: 'span.attributes',
  span_name: 'span.name',
  trace_state: 'span.trace_state',
  status_message: 'span.status.message',
  span_event: 'spanevent.attributes',
  span_event_name: 'spanevent.name',
  span_link: 'spanlink.attributes',
  log: 'log.attributes',
  log_body: 'log.body',
  log_event_name: 'log.event_name',
  log_severity_text: 'log.severity_text',
};

type Reason = { readonly never: string };
const id: Reason = { never: 'an id: 8 or 16 bytes, anything else is refused' };
const entity: Reason = { never: 'left out of what was redacted, like every field newer than the schema' };
const within: Reason = { never: 'part of an attribute, which its owner stands for' };

/** By message and field of opentelemetry-proto. */
export const protoFields: Readonly<Record<string, Target | Reason>> = {
  'ResourceSpans.schema_url': 'schema_url',
  'ScopeSpans.schema_url': 'schema_url',
  'ResourceLogs.schema_url': 'schema_url',
  'ScopeLogs.schema_url': 'schema_url',
  'Resource.attributes': 'resource',
  'InstrumentationScope.name': 'scope_name',
  'InstrumentationScope.version': 'scope_name',
  'InstrumentationScope.attributes': 'scope',
  'Span.trace_id': id,
  'Span.span_id': id,
  'Span.parent_span_id': id,
  'Span.trace_state': 'trace_state',
  'Span.name': 'span_name',
  'Span.attributes': 'span',
  'Event.name': 'span_event_name',
  'Event.attributes': 'span_event',
  'Link.trace_id': id,
  'Link.span_id': id,
  'Link.trace_state': 'trace_state',
  'Link.attributes': 'span_link',
  'Status.message': 'status_message',
  'LogRecord.severity_text': 'log_severity_text',
  'LogRecord.body': 'log_body',
  'LogRecord.attributes': 'log',
  'LogRecord.trace_id': id,
  'LogRecord.span_id': id,
  'LogRecord.event_name': 'log_event_name',
  'EntityRef.schema_url': entity,
  'EntityRef.type': entity,
  'EntityRef.id_keys': entity,
  'EntityRef.description_keys': entity,
  'KeyValue.key': within,
  'KeyValue.value': within,
  'KeyValueList.values': within,
  'ArrayValue.values': within,
  'AnyValue.string_value': within,
  'AnyValue.bytes_value': within,
  'AnyValue.array_value': within,
  'AnyValue.kvlist_value': within,
};
