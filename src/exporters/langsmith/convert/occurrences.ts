import type { LogRecord, Span } from '../../../model/batch.ts';
import type { Attributes, Value } from '../../../model/value.ts';

/** Something that happened at a time: a span event, or a log record that belongs to the span (mapping §16). */
export interface Occurrence {
  readonly name: string;
  /** Microseconds since the epoch, 0 where unknown. */
  readonly timeMicros: number;
  readonly attributes: Attributes;
  /** A log record's body; `undefined` for a span event. */
  readonly body: Value | undefined;
  readonly log: LogRecord | undefined;
  readonly droppedAttributesCount: number;
  /** Its content stands in the run's inputs or outputs, or it is the run's error. */
  used: boolean;
}

const none: Occurrence[] = [];

export function occurrencesOf(span: Span, logs: readonly LogRecord[] | undefined): Occurrence[] {
  const { events } = span;
  if (events.length === 0 && (logs === undefined || logs.length === 0)) return none;
  const found: Occurrence[] = events.map((event) => ({
    name: event.name,
    timeMicros: event.timeMicros,
    attributes: event.attributes,
    body: undefined,
    log: undefined,
    droppedAttributesCount: event.droppedAttributesCount,
    used: false,
  }));
  for (const log of logs ?? []) found.push(ofLog(log));
  return found.sort((one, other) => one.timeMicros - other.timeMicros);
}

function ofLog(log: LogRecord): Occurrence {
  return {
    name: eventName(log),
    timeMicros: Number((log.timeUnixNano || log.observedTimeUnixNano) / 1000n),
    attributes: log.attributes,
    body: log.body,
    log,
    droppedAttributesCount: log.droppedAttributesCount,
    used: false,
  };
}

/** Where the emitters put the name of an event that travels as a log record (mapping §16). */
export function eventName(log: LogRecord): string {
  if (log.eventName !== '') return log.eventName;
  for (const key of ['event.name', 'event_name']) {
    const name = log.attributes.get(key);
    // Claude Code leaves its own name out of the attribute and writes it into the body.
    if (typeof name === 'string' && name !== '') return typeof log.body === 'string' && log.body.endsWith(`.${name}`) ? log.body : name;
  }
  const inBody = log.body instanceof Map ? log.body.get('event.name') : undefined;
  return typeof inBody === 'string' && inBody !== '' ? inBody : 'log';
}
