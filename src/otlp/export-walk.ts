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

/** A group that is being read, and where it ends. */
interface OpenGroup<Wire, Item> {
  readonly end: number;
  readonly items: Item[];
  wire: Wire | undefined;
  schemaUrl: string;
}

/**
 * The one walk over an export request, in one step or in many. Resources, scopes and records are nested alike in all signals.
 *
 * State between two steps: the place, which is in front of a field of an open scope, and the resource and the scope that are open there. No record is.
 */
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
  #resource: OpenGroup<WireResource, ScopeGroup<Item>> | undefined;
  #scope: OpenGroup<WireScope, Item> | undefined;
  #stepEnd = 0;

  constructor(body: Bytes, view: DataView, table: RecordTable<Item>, signal: AnySignal, message: schema.Message, limits: Limits) {
    this.#reader = new ProtobufReader(body, limits, view);
    this.#table = table;
    this.#signal = signal;
    this.#message = message;
  }

  /**
   * Walks on, up to the first record that begins after so many bytes. Whether that was the end.
   * @throws Fault GW_DECODE_BAD_PROTOBUF, GW_DECODE_WRONG_SIGNAL, GW_DECODE_TOO_DEEP, GW_DECODE_TOO_MANY
   */
  step(bytes: number): boolean {
    const { source, at } = this.#reader;
    this.#stepEnd = at + bytes;
    try {
      if (!this.#export(source.length)) return false;
    } catch (error) {
      const sent =
        error instanceof Fault && error.code === 'GW_DECODE_BAD_PROTOBUF' ? otherSignal(source, this.#record, this.#signal) : undefined;
      throw sent === undefined ? error : wrongSignal(sent, this.#signal);
    }
    const allRejected = this.items > 0 && this.rejections.total === this.items;
    if (allRejected && looksLikeMetric(source, this.#record)) throw wrongSignal('metrics', this.#signal);
    return true;
  }

  #export(end: number): boolean {
    const reader = this.#reader;
    if (this.#resource !== undefined && !this.#resourceGroup(this.#resource)) return false;
    while (reader.at < end) {
      const tag = reader.tag();
      if (tag === 0x0a) {
        this.#resource = this.#open(reader.block(end));
        if (!this.#resourceGroup(this.#resource)) return false;
      } else skipOther(reader, tag, end, this.#message);
    }
    reader.closed(end);
    return true;
  }

  #resourceGroup(group: OpenGroup<WireResource, ScopeGroup<Item>>): boolean {
    const reader = this.#reader;
    const { end, items: scopes } = group;
    if (this.#scope !== undefined && !this.#scopeGroup(this.#scope, scopes)) return false;
    while (reader.at < end) {
      const tag = reader.tag();
      if (tag === 0x0a) group.wire = readResource(reader, end, this.#table.attributes);
      else if (tag === 0x12) {
        this.#scope = this.#open(reader.block(end));
        if (!this.#scopeGroup(this.#scope, scopes)) return false;
      } else if (tag === 0x1a) group.schemaUrl = readText(reader, end);
      else skipOther(reader, tag, end, groupOf(this.#message));
    }
    reader.closed(end);
    const resource = group.wire ?? new WireResource();
    resource.schemaUrl = group.schemaUrl;
    this.groups.push({ resource, scopes });
    this.#resource = undefined;
    return true;
  }

  #scopeGroup(group: OpenGroup<WireScope, Item>, scopes: ScopeGroup<Item>[]): boolean {
    const reader = this.#reader;
    const stepEnd = this.#stepEnd;
    const { end, items } = group;
    while (reader.at < end) {
      if (reader.at >= stepEnd) return false;
      const tag = reader.tag();
      if (tag === 0x12) this.#item(reader.block(end), items);
      else if (tag === 0x0a) group.wire = readScope(reader, end, this.#table.attributes);
      else if (tag === 0x1a) group.schemaUrl = readText(reader, end);
      else skipOther(reader, tag, end, groupOf(groupOf(this.#message), 2));
    }
    reader.closed(end);
    const scope = group.wire ?? new WireScope();
    scope.schemaUrl = group.schemaUrl;
    scopes.push({ scope, items });
    this.#scope = undefined;
    return true;
  }

  #open<Wire, Inner>(end: number): OpenGroup<Wire, Inner> {
    const { limits } = this.#reader;
    if (++this.#groupCount > limits.itemsMax) tooMany(limits, 'resources and scopes');
    return { end, items: [], wire: undefined, schemaUrl: '' };
  }

  #item(end: number, items: Item[]): void {
    const reader = this.#reader;
    this.#record = { start: reader.at, end };
    if (++this.items > reader.limits.itemsMax) tooMany(reader.limits, this.#signal);
    const row = this.#table.walk(reader, end);
    if (typeof row === 'number') items.push(this.#table.item(row));
    else this.rejections.add(row);
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
