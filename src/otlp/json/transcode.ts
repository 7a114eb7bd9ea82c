import { type Bytes, bytes } from '../../model/bytes.ts';
import { KeyTable } from '../key-table.ts';
import { defaultLimits, type Limits } from '../limits.ts';
import { viewOf, Wire } from '../protobuf-reader.ts';
import { ProtobufWriter } from '../protobuf-writer.ts';
import * as schema from '../schema.ts';
import { type AnySignal, wrongSignal } from '../signal-check.ts';
import { finished, type Steps } from '../steps.ts';
import { Char, JsonReader } from './json-reader.ts';
import { readBase64, readDouble, readEnum, readInt64, readUint32, stringText, writeId, writeString } from './json-scalars.ts';

/**
 * OTLP/JSON to OTLP/protobuf, so that everything behind reads one form. One pass over the text by the schema, without objects in between: numbers
 * keep their digits, names cannot be anything but data, and nesting is counted before it is entered.
 *
 * Source: OTLP specification, "JSON Protobuf Encoding". Accepted beyond it, as the Collector does: snake_case names and enum names.
 */
export function transcodeTraces(body: string | Bytes, limits?: Limits): Bytes {
  return finished(transcodeInSteps(body, 'traces', Infinity, limits));
}

export function transcodeLogs(body: string | Bytes, limits?: Limits): Bytes {
  return finished(transcodeInSteps(body, 'logs', Infinity, limits));
}

export function transcodeMetrics(body: string | Bytes, limits?: Limits): Bytes {
  return finished(transcodeInSteps(body, 'metrics', Infinity, limits));
}

/** With a break after each `stepBytes` of JSON or a little more, since a span, log record or metric is written without one. */
export function* transcodeInSteps(
  body: string | Bytes,
  signal: AnySignal,
  stepBytes: number,
  limits: Limits = defaultLimits,
): Steps<Bytes> {
  const source = typeof body === 'string' ? bytes.from(body) : body;
  if (source.length === 0) return source;
  return yield* new Transcoder(source, signal, stepBytes, jsonDepth(limits)).run();
}

/** Numbers of the fields that lead down to the records, from the request on: of all signals alike. */
const wayDown = [1, 2, 2];

const messages: Readonly<Record<AnySignal, schema.Message>> = { traces: schema.traces, logs: schema.logs, metrics: schema.metrics };

const signalOfName: ReadonlyMap<string, AnySignal> = new Map([
  ['resourceSpans', 'traces'],
  ['resource_spans', 'traces'],
  ['resourceLogs', 'logs'],
  ['resource_logs', 'logs'],
  ['resourceMetrics', 'metrics'],
  ['resource_metrics', 'metrics'],
]);

const memberNames = new KeyTable();

/** A level of nested values takes three levels of JSON (`value`, `arrayValue`, `values`), four in a map; an event's attribute stands fourteen deep. */
function jsonDepth(limits: Limits): number {
  return limits.depthMax * 4 + 16;
}

class Transcoder {
  readonly #json: JsonReader;
  readonly #writer: ProtobufWriter;
  readonly #view: DataView;
  readonly #signal: AnySignal;
  readonly #stepBytes: number;
  #stepEnd: number;

  constructor(source: Bytes, signal: AnySignal, stepBytes: number, depthMax: number) {
    this.#json = new JsonReader(source, depthMax);
    this.#writer = new ProtobufWriter(source.length);
    this.#view = viewOf(source);
    this.#signal = signal;
    this.#stepBytes = stepBytes;
    this.#stepEnd = stepBytes;
  }

  *run(): Steps<Bytes> {
    yield* this.#group(messages[this.#signal], 0);
    if (this.#json.peek() !== -1) this.#json.fail('the end');
    return this.#writer.finish();
  }

  /** A message that leads down to records; a generator, so that there can be a break between them. */
  *#group(message: schema.Message, level: number): Steps<void> {
    const json = this.#json;
    memberNames.begin();
    json.enter(Char.openBrace);
    for (let first = true; json.more(first, Char.closeBrace); first = false) {
      const field = this.#member(message);
      if (field === undefined) continue;
      json.path.push(field.name);
      if (field.number === wayDown[level]) yield* this.#groups(field, level);
      else this.#value(field);
      json.path.pop();
    }
  }

  /** Their lengths have room for any: to make room for them afterwards would move the whole request, once for each level. */
  *#groups(field: schema.Field, level: number): Steps<void> {
    const json = this.#json;
    json.enter(Char.openBracket);
    const step = json.path.length;
    for (let index = 0; json.more(index === 0, Char.closeBracket); index++) {
      json.path[step] = index;
      if (json.peek() === 0x6e && json.literal('null')) continue;
      if (level + 1 === wayDown.length) this.#field(field);
      else {
        const opened = this.#writer.openWide(field.number);
        yield* this.#group(field.message, level + 1);
        this.#writer.closeWide(opened);
      }
      if (json.at < this.#stepEnd) continue;
      this.#stepEnd = json.at + this.#stepBytes;
      yield;
    }
    json.path.length = step;
  }

  #message(message: schema.Message): void {
    const json = this.#json;
    memberNames.begin();
    json.enter(Char.openBrace);
    for (let first = true; json.more(first, Char.closeBrace); first = false) {
      const field = this.#member(message);
      if (field === undefined) continue;
      json.path.push(field.name);
      this.#value(field);
      json.path.pop();
    }
  }

  /** A member's field. There is none if it is unknown, or null; it is skipped then. */
  #member(message: schema.Message): schema.Field | undefined {
    const json = this.#json;
    json.name();
    const name = json.escaped ? stringText(json) : memberNames.text(json.source, this.#view, json.start, json.end, 0);
    const field = message.byName.get(name);
    if (field === undefined) {
      if (json.path.length === 0) this.#checkSignal(name);
      json.skip();
      return undefined;
    }
    return json.peek() === 0x6e && json.literal('null') ? undefined : field;
  }

  #value(field: schema.Field): void {
    if (field.repeated) this.#elements(field);
    else this.#field(field);
  }

  #elements(field: schema.Field): void {
    const json = this.#json;
    json.enter(Char.openBracket);
    const step = json.path.length;
    for (let index = 0; json.more(index === 0, Char.closeBracket); index++) {
      json.path[step] = index;
      if (!(json.peek() === 0x6e && json.literal('null'))) this.#field(field);
      else if (field.message === schema.anyValue) this.#writer.close(this.#writer.open(field.number));
    }
    json.path.length = step;
  }

  #field(field: schema.Field): void {
    const json = this.#json;
    const writer = this.#writer;
    switch (field.kind) {
      case 'message': {
        const opened = writer.open(field.number);
        this.#message(field.message);
        writer.close(opened);
        return;
      }
      case 'string':
        json.string();
        writeString(json, writer, field);
        return;
      case 'traceId':
      case 'spanId':
        writeId(json, writer, field);
        return;
      case 'bytes': {
        const content = readBase64(json);
        writer.range(field.number, content, 0, content.length);
        return;
      }
      case 'bool': {
        const value = json.literal('true');
        if (!value && !json.literal('false')) json.fail('true or false');
        writer.tag(field.number, Wire.varint);
        writer.varint(value ? 1 : 0);
        return;
      }
      case 'int64': {
        const value = readInt64(json, true);
        writer.tag(field.number, Wire.varint);
        writer.int64(value);
        return;
      }
      case 'uint32':
      case 'enum': {
        const value = field.kind === 'enum' ? readEnum(json, field) : readUint32(json);
        writer.tag(field.number, Wire.varint);
        writer.varint(value);
        return;
      }
      case 'fixed64': {
        const value = readInt64(json, false);
        writer.tag(field.number, Wire.fixed64);
        writer.fixed64(value);
        return;
      }
      case 'fixed32': {
        const value = readUint32(json);
        writer.tag(field.number, Wire.fixed32);
        writer.fixed32(value);
        return;
      }
      case 'double': {
        const value = readDouble(json);
        writer.tag(field.number, Wire.fixed64);
        writer.double(value);
      }
    }
  }

  #checkSignal(name: string): void {
    const sent = signalOfName.get(name);
    if (sent !== undefined) throw wrongSignal(sent, this.#signal);
  }
}
