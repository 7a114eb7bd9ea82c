import { Wire } from './protobuf-reader.ts';

/**
 * The messages of OTLP as data: field numbers, kinds and names. Reading JSON, writing JSON, checking what nobody reads yet and telling the signals apart
 * all go by these tables; only the hot path (span, log record, attributes) has code of its own. Source: opentelemetry-proto, see proto/VERSION.
 */
export type Kind =
  | 'string'
  | 'bytes'
  | 'traceId'
  | 'spanId'
  | 'bool'
  | 'int64'
  | 'uint32'
  | 'enum'
  | 'double'
  | 'fixed64'
  | 'fixed32'
  | 'message';

export interface Field {
  readonly number: number;
  /** lowerCamelCase, as OTLP/JSON writes it. */
  readonly name: string;
  readonly kind: Kind;
  readonly wire: number;
  readonly repeated: boolean;
  /** Member of a oneof: a zero value says something. */
  readonly oneof: boolean;
  readonly message: Message;
  readonly values: ReadonlyMap<string, number>;
}

export interface Message {
  readonly name: string;
  readonly byNumber: readonly (Field | undefined)[];
  /** By lowerCamelCase and by snake_case name. */
  readonly byName: ReadonlyMap<string, Field>;
}

class Schema implements Message {
  readonly name: string;
  readonly byNumber: (Field | undefined)[] = [];
  readonly byName = new Map<string, Field>();

  constructor(name: string) {
    this.name = name;
  }

  with(...fields: Field[]): this {
    for (const field of fields) {
      while (this.byNumber.length <= field.number) this.byNumber.push(undefined);
      this.byNumber[field.number] = field;
      this.byName.set(field.name, field);
      this.byName.set(
        field.name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
        field,
      );
    }
    return this;
  }
}

const wireOf: Readonly<Record<Kind, number>> = {
  string: Wire.block,
  bytes: Wire.block,
  traceId: Wire.block,
  spanId: Wire.block,
  message: Wire.block,
  bool: Wire.varint,
  int64: Wire.varint,
  uint32: Wire.varint,
  enum: Wire.varint,
  double: Wire.fixed64,
  fixed64: Wire.fixed64,
  fixed32: Wire.fixed32,
};

const noMessage = new Schema('');
const noValues: ReadonlyMap<string, number> = new Map();

function field(number: number, name: string, kind: Kind, more: Partial<Field> = {}): Field {
  return { number, name, kind, wire: wireOf[kind], repeated: false, oneof: false, message: noMessage, values: noValues, ...more };
}

function one(number: number, name: string, message: Message): Field {
  return field(number, name, 'message', { message });
}

function many(number: number, name: string, message: Message): Field {
  return field(number, name, 'message', { message, repeated: true });
}

function enumeration(number: number, name: string, prefix: string, names: readonly string[]): Field {
  return field(number, name, 'enum', { values: new Map(names.map((value, index) => [`${prefix}${value}`, index])) });
}

const arrayValue = new Schema('ArrayValue');
const keyValueList = new Schema('KeyValueList');

export const anyValue: Message = new Schema('AnyValue').with(
  field(1, 'stringValue', 'string', { oneof: true }),
  field(2, 'boolValue', 'bool', { oneof: true }),
  field(3, 'intValue', 'int64', { oneof: true }),
  field(4, 'doubleValue', 'double', { oneof: true }),
  field(5, 'arrayValue', 'message', { message: arrayValue, oneof: true }),
  field(6, 'kvlistValue', 'message', { message: keyValueList, oneof: true }),
  field(7, 'bytesValue', 'bytes', { oneof: true }),
);
export const keyValue: Message = new Schema('KeyValue').with(field(1, 'key', 'string'), one(2, 'value', anyValue));
arrayValue.with(many(1, 'values', anyValue));
keyValueList.with(many(1, 'values', keyValue));

export const entityRef: Message = new Schema('EntityRef').with(
  field(1, 'schemaUrl', 'string'),
  field(2, 'type', 'string'),
  field(3, 'idKeys', 'string', { repeated: true }),
  field(4, 'descriptionKeys', 'string', { repeated: true }),
);

export const resource: Message = new Schema('Resource').with(
  many(1, 'attributes', keyValue),
  field(2, 'droppedAttributesCount', 'uint32'),
  many(3, 'entityRefs', entityRef),
);

export const scope: Message = new Schema('InstrumentationScope').with(
  field(1, 'name', 'string'),
  field(2, 'version', 'string'),
  many(3, 'attributes', keyValue),
  field(4, 'droppedAttributesCount', 'uint32'),
);

export const spanEvent: Message = new Schema('Event').with(
  field(1, 'timeUnixNano', 'fixed64'),
  field(2, 'name', 'string'),
  many(3, 'attributes', keyValue),
  field(4, 'droppedAttributesCount', 'uint32'),
);

export const spanLink: Message = new Schema('Link').with(
  field(1, 'traceId', 'traceId'),
  field(2, 'spanId', 'spanId'),
  field(3, 'traceState', 'string'),
  many(4, 'attributes', keyValue),
  field(5, 'droppedAttributesCount', 'uint32'),
  field(6, 'flags', 'fixed32'),
);

export const status: Message = new Schema('Status').with(
  field(2, 'message', 'string'),
  enumeration(3, 'code', 'STATUS_CODE_', ['UNSET', 'OK', 'ERROR']),
);

export const span: Message = new Schema('Span').with(
  field(1, 'traceId', 'traceId'),
  field(2, 'spanId', 'spanId'),
  field(3, 'traceState', 'string'),
  field(4, 'parentSpanId', 'spanId'),
  field(5, 'name', 'string'),
  enumeration(6, 'kind', 'SPAN_KIND_', ['UNSPECIFIED', 'INTERNAL', 'SERVER', 'CLIENT', 'PRODUCER', 'CONSUMER']),
  field(7, 'startTimeUnixNano', 'fixed64'),
  field(8, 'endTimeUnixNano', 'fixed64'),
  many(9, 'attributes', keyValue),
  field(10, 'droppedAttributesCount', 'uint32'),
  many(11, 'events', spanEvent),
  field(12, 'droppedEventsCount', 'uint32'),
  many(13, 'links', spanLink),
  field(14, 'droppedLinksCount', 'uint32'),
  one(15, 'status', status),
  field(16, 'flags', 'fixed32'),
);

const severities = ['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL'].flatMap((level) => [level, `${level}2`, `${level}3`, `${level}4`]);

export const logRecord: Message = new Schema('LogRecord').with(
  field(1, 'timeUnixNano', 'fixed64'),
  enumeration(2, 'severityNumber', 'SEVERITY_NUMBER_', ['UNSPECIFIED', ...severities]),
  field(3, 'severityText', 'string'),
  one(5, 'body', anyValue),
  many(6, 'attributes', keyValue),
  field(7, 'droppedAttributesCount', 'uint32'),
  field(8, 'flags', 'fixed32'),
  field(9, 'traceId', 'traceId'),
  field(10, 'spanId', 'spanId'),
  field(11, 'observedTimeUnixNano', 'fixed64'),
  field(12, 'eventName', 'string'),
);

/** Metrics are counted and dropped, so a data point has no fields here. */
const dataPoint = new Schema('DataPoint');
const points = new Schema('DataPoints').with(many(1, 'dataPoints', dataPoint));

export const metric: Message = new Schema('Metric').with(
  field(1, 'name', 'string'),
  field(2, 'description', 'string'),
  field(3, 'unit', 'string'),
  one(5, 'gauge', points),
  one(7, 'sum', points),
  one(9, 'histogram', points),
  one(10, 'exponentialHistogram', points),
  one(11, 'summary', points),
  many(12, 'metadata', keyValue),
);

/** An export request of one signal: its groups by resource, then by scope, then the records. */
function exportOf(resources: string, scopes: string, records: string, record: Message): Message {
  const scopeGroup = new Schema(`Scope${records}`).with(one(1, 'scope', scope), many(2, records, record), field(3, 'schemaUrl', 'string'));
  const resourceGroup = new Schema(`Resource${records}`).with(
    one(1, 'resource', resource),
    many(2, scopes, scopeGroup),
    field(3, 'schemaUrl', 'string'),
  );
  return new Schema(`Export${records}`).with(many(1, resources, resourceGroup));
}

export const traces: Message = exportOf('resourceSpans', 'scopeSpans', 'spans', span);
export const logs: Message = exportOf('resourceLogs', 'scopeLogs', 'logRecords', logRecord);
export const metrics: Message = exportOf('resourceMetrics', 'scopeMetrics', 'metrics', metric);
