import type { Bytes } from '../model/bytes.ts';
import { Fault } from '../model/fault.ts';
import type { AttributeTable } from './attribute-table.ts';
import type { Limits } from './limits.ts';
import { ProtobufReader } from './protobuf-reader.ts';
import { Rejections, type Rule } from './rules.ts';
import type * as schema from './schema.ts';
import { type AnySignal, looksLikeMetric, otherSignal, type RecordPlace, wrongSignal } from './signal-check.ts';
import { skipOther } from './wire-check.ts';
import { readResource, readScope, readText, WireResource, WireScope } from './wire-groups.ts';

/** Reads the records of one signal. */
export interface RecordTable<Item> {
  readonly attributes: AttributeTable;
  /** The row's offset, or the rule that the record breaks. */
  walk(reader: ProtobufReader, end: number): number | Rule;
  item(row: number): Item;
}

export interface ScopeGroup<Item> {
  readonly scope: WireScope;
  readonly items: Item[];
}

export interface ResourceGroup<Item> {
  readonly resource: WireResource;
  readonly scopes: ScopeGroup<Item>[];
}

/** The one walk over an export request. Resources, scopes and records are nested alike in all signals. */
export class ExportWalk<Item> {
  readonly groups: ResourceGroup<Item>[] = [];
  readonly rejections = new Rejections();
  /** Records, rejected ones included. */
  items = 0;
  readonly #reader: ProtobufReader;
  readonly #table: RecordTable<Item>;
  readonly #signal: AnySignal;
  readonly #message: schema.Message;
  #groupCount = 0;
  #record: RecordPlace = { start: 0, end: 0 };

  constructor(body: Bytes, view: DataView, table: RecordTable<Item>, signal: AnySignal, message: schema.Message, limits: Limits) {
    this.#reader = new ProtobufReader(body, limits, view);
    this.#table = table;
    this.#signal = signal;
    this.#message = message;
  }

  /** @throws Fault GW_DECODE_BAD_PROTOBUF, GW_DECODE_WRONG_SIGNAL, GW_DECODE_TOO_DEEP, GW_DECODE_TOO_MANY */
  run(): void {
    const { source } = this.#reader;
    try {
      this.#export(source.length);
    } catch (error) {
      const sent =
        error instanceof Fault && error.code === 'GW_DECODE_BAD_PROTOBUF' ? otherSignal(source, this.#record, this.#signal) : undefined;
      throw sent === undefined ? error : wrongSignal(sent, this.#signal);
    }
    const allRejected = this.items > 0 && this.rejections.total === this.items;
    if (allRejected && looksLikeMetric(source, this.#record)) throw wrongSignal('metrics', this.#signal);
  }

  #export(end: number): void {
    const reader = this.#reader;
    while (reader.at < end) {
      const tag = reader.tag();
      if (tag === 0x0a) this.groups.push(this.#resourceGroup(reader.block(end)));
      else skipOther(reader, tag, end, this.#message);
    }
    reader.closed(end);
  }

  #resourceGroup(end: number): ResourceGroup<Item> {
    const reader = this.#reader;
    const scopes: ScopeGroup<Item>[] = [];
    let resource: WireResource | undefined;
    let schemaUrl = '';
    this.#countGroup();
    while (reader.at < end) {
      const tag = reader.tag();
      if (tag === 0x0a) resource = readResource(reader, end, this.#table.attributes);
      else if (tag === 0x12) scopes.push(this.#scopeGroup(reader.block(end)));
      else if (tag === 0x1a) schemaUrl = readText(reader, end);
      else skipOther(reader, tag, end, groupOf(this.#message));
    }
    reader.closed(end);
    resource ??= new WireResource();
    resource.schemaUrl = schemaUrl;
    return { resource, scopes };
  }

  #scopeGroup(end: number): ScopeGroup<Item> {
    const reader = this.#reader;
    const items: Item[] = [];
    let scope: WireScope | undefined;
    let schemaUrl = '';
    this.#countGroup();
    while (reader.at < end) {
      const tag = reader.tag();
      if (tag === 0x12) this.#item(reader.block(end), items);
      else if (tag === 0x0a) scope = readScope(reader, end, this.#table.attributes);
      else if (tag === 0x1a) schemaUrl = readText(reader, end);
      else skipOther(reader, tag, end, groupOf(groupOf(this.#message), 2));
    }
    reader.closed(end);
    scope ??= new WireScope();
    scope.schemaUrl = schemaUrl;
    return { scope, items };
  }

  #item(end: number, items: Item[]): void {
    const reader = this.#reader;
    this.#record = { start: reader.at, end };
    if (++this.items > reader.limits.itemsMax) tooMany(reader.limits, this.#signal);
    const row = this.#table.walk(reader, end);
    if (typeof row === 'number') items.push(this.#table.item(row));
    else this.rejections.add(row);
  }

  #countGroup(): void {
    const { limits } = this.#reader;
    if (++this.#groupCount > limits.itemsMax) tooMany(limits, 'resources and scopes');
  }
}

function groupOf(message: schema.Message, number = 1): schema.Message {
  return (message.byNumber[number] as schema.Field).message;
}

function tooMany(limits: Limits, what: string): never {
  throw new Fault(
    'GW_DECODE_TOO_MANY',
    `cannot decode request: more than ${limits.itemsMax} ${what === 'traces' ? 'spans' : what === 'logs' ? 'log records' : what}`,
  );
}
