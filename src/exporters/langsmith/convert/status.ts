/** A run's `status` and `error` (mapping §11). */
import { StatusCode } from '../../../model/batch.ts';
import type { Attributes } from '../../../model/value.ts';
import { isPlaceholder } from './coerce.ts';
import type { JsonObject } from './json.ts';
import { isRange, type Json, textOf } from './json.ts';
import { slot } from './keys.ts';
import type { Occurrence } from './occurrences.ts';
import { failures, fields } from './rules.ts';
import type { SpanReader } from './span-reader.ts';

export interface Status {
  readonly status: 'success' | 'error' | 'pending';
  /** '' where there is none. */
  readonly error: string;
}

const errorType = slot('error.type');
const httpStatus = slot('http.response.status_code');
const interrupted = slot('turn.was_interrupted');
const interruptions = /(?:^|\.)(?:GraphInterrupt|NodeInterrupt|AbortError|CancelledError|KeyboardInterrupt)$/;
const genericType = /^(?:Exception|Error)$/;

/** `ofRecord`: the failure that a record tells. `verbatim`: the exception's message is the whole text already, as LangSmith's SDKs write it. */
export function statusOf(
  reader: SpanReader,
  toolOutput: Json | undefined,
  verbatim: boolean,
  ofRecord: string,
  metadata: JsonObject,
): Status {
  const { status, endMicros } = reader.span;
  const type = reader.takeText(errorType);
  if (type !== undefined) metadata.error_type = type;
  const exception = lastException(reader);
  // LangSmith's SDK marks a run as fine when it begins, and OpenTelemetry lets nothing change that: its exception is the run's error all the same.
  if (ofRecord === '' && !(verbatim && exception !== undefined) && !failed(reader, exception, type))
    return { status: endMicros === 0 ? 'pending' : 'success', error: '' };
  const exceptionType = exception === undefined ? undefined : textAt(exception.attributes, 'exception.type');
  if (isInterruption(reader, type, exceptionType)) metadata.ls_is_error_interrupt = true;
  const thrown = exception === undefined ? '' : exceptionText(exception.attributes, verbatim);
  if (exception !== undefined && thrown !== '') {
    exception.used = true;
    return { status: 'error', error: withMessage(thrown, status.message) };
  }
  return { status: 'error', error: ofRecord || saidError(reader, type, toolOutput) };
}

function failed(reader: SpanReader, exception: Occurrence | undefined, type: string | undefined): boolean {
  const { code } = reader.span.status;
  if (code === StatusCode.error) return true;
  if (code === StatusCode.ok) return false;
  if (exception !== undefined && !isEscapedFalse(exception.attributes.get('exception.escaped'))) return true;
  if (type !== undefined) return true;
  return failures.some(({ slot, value }) => String(reader.peek(slot)).toLowerCase() === value);
}

function isEscapedFalse(escaped: unknown): boolean {
  return escaped === false || escaped === 'false' || escaped === 'False';
}

function lastException({ occurrences }: SpanReader): Occurrence | undefined {
  for (let at = occurrences.length - 1; at >= 0; at--) {
    const occurrence = occurrences[at] as Occurrence;
    if (occurrence.name === 'exception' || occurrence.name === 'gen_ai.client.operation.exception') return occurrence;
  }
  return undefined;
}

function textAt(attributes: Attributes, key: string): string {
  const value = attributes.get(key);
  return typeof value === 'string' ? value : '';
}

/** Type, message and stack trace, each only where it adds something (mapping §11.1). */
function exceptionText(attributes: Attributes, verbatim: boolean): string {
  const message = textAt(attributes, 'exception.message');
  if (verbatim && message !== '') return message;
  const type = textAt(attributes, 'exception.type');
  const trace = textAt(attributes, 'exception.stacktrace');
  const named = type === '' || genericType.test(type) || message.startsWith(type) ? message : message === '' ? type : `${type}: ${message}`;
  const head = named === '' ? type : named;
  if (trace === '' || head.includes(trace)) return head;
  return head === '' ? `Stacktrace:\n${trace}` : `${head}\n\nStacktrace:\n${trace}`;
}

function withMessage(text: string, message: string): string {
  return message === '' || text.includes(message) ? text : `${text}\n${message}`;
}

function saidError(reader: SpanReader, type: string | undefined, toolOutput: Json | undefined): string {
  const { message } = reader.span.status;
  if (message !== '') return message;
  const said = reader.firstText(fields.error);
  if (said !== undefined) return said;
  const output = isRange(toolOutput) ? textOf(toolOutput) : toolOutput;
  if (typeof output === 'string' && !isPlaceholder(output)) return output;
  const http = reader.peekText(httpStatus);
  if (http !== undefined) return `HTTP ${http}`;
  return type ?? 'Span status ERROR';
}

function isInterruption(reader: SpanReader, type: string | undefined, exceptionType: string | undefined): boolean {
  if (reader.peek(interrupted) === true) return true;
  return (type !== undefined && interruptions.test(type)) || (exceptionType !== undefined && interruptions.test(exceptionType));
}
