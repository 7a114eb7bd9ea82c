import type { Resource, Scope } from '../model/batch.ts';
import { type Bytes, noBytes } from '../model/bytes.ts';
import { Fault } from '../model/fault.ts';
import type { AttributeTable } from './attribute-table.ts';
import type { ProtobufReader } from './protobuf-reader.ts';
import * as schema from './schema.ts';
import { cloneAttributes, WireAttributes } from './wire-attributes.ts';
import { checkMessage, skipOther } from './wire-check.ts';

/** Where a resource or scope stood: what we have no word for (entity references, newer fields) is copied from there. */
export interface WireRange {
  readonly source: Bytes;
  readonly start: number;
  readonly end: number;
}

export const noRange: WireRange = { source: noBytes, start: 0, end: 0 };

export class WireResource implements Resource {
  readonly attributes: WireAttributes;
  wire: WireRange;
  droppedAttributesCount = 0;
  schemaUrl = '';

  constructor(attributes = new WireAttributes(), wire = noRange) {
    this.attributes = attributes;
    this.wire = wire;
  }

  /** The same resource, independent of later changes to the given one. */
  static copyOf(resource: Resource): WireResource {
    const copy = new WireResource(cloneAttributes(resource.attributes), resource instanceof WireResource ? resource.wire : noRange);
    copy.droppedAttributesCount = resource.droppedAttributesCount;
    copy.schemaUrl = resource.schemaUrl;
    return copy;
  }
}

export class WireScope implements Scope {
  readonly attributes: WireAttributes;
  wire: WireRange;
  name = '';
  version = '';
  droppedAttributesCount = 0;
  schemaUrl = '';

  constructor(attributes = new WireAttributes(), wire = noRange) {
    this.attributes = attributes;
    this.wire = wire;
  }

  /** The same scope, independent of later changes to the given one. */
  static copyOf(scope: Scope): WireScope {
    const copy = new WireScope(cloneAttributes(scope.attributes), scope instanceof WireScope ? scope.wire : noRange);
    copy.name = scope.name;
    copy.version = scope.version;
    copy.droppedAttributesCount = scope.droppedAttributesCount;
    copy.schemaUrl = scope.schemaUrl;
    return copy;
  }
}

/** Reads a Resource field, from its length on. */
export function readResource(reader: ProtobufReader, end: number, table: AttributeTable): WireResource {
  const close = reader.block(end);
  const start = reader.at;
  const first = table.begin();
  let dropped = 0;
  while (reader.at < close) {
    const tag = reader.tag();
    switch (tag) {
      case 0x0a:
        addAttribute(reader, close, table);
        break;
      case 0x10:
        dropped = reader.int32() >>> 0;
        break;
      case 0x1a:
        reader.spend(1);
        checkMessage(reader, reader.block(close), schema.entityRef, 1);
        break;
      default:
        skipOther(reader, tag, close, schema.resource);
    }
  }
  reader.closed(close);
  const resource = new WireResource(new WireAttributes(table, first, table.length), { source: reader.source, start, end: close });
  resource.droppedAttributesCount = dropped;
  return resource;
}

/** Reads an InstrumentationScope field, from its length on. */
export function readScope(reader: ProtobufReader, end: number, table: AttributeTable): WireScope {
  const close = reader.block(end);
  const start = reader.at;
  const first = table.begin();
  let name = '';
  let version = '';
  let dropped = 0;
  while (reader.at < close) {
    const tag = reader.tag();
    switch (tag) {
      case 0x0a:
        name = readText(reader, close);
        break;
      case 0x12:
        version = readText(reader, close);
        break;
      case 0x1a:
        addAttribute(reader, close, table);
        break;
      case 0x20:
        dropped = reader.int32() >>> 0;
        break;
      default:
        skipOther(reader, tag, close, schema.scope);
    }
  }
  reader.closed(close);
  const scope = new WireScope(new WireAttributes(table, first, table.length), { source: reader.source, start, end: close });
  scope.name = name;
  scope.version = version;
  scope.droppedAttributesCount = dropped;
  return scope;
}

/** A string field, from its length on. */
export function readText(reader: ProtobufReader, end: number): string {
  const close = reader.block(end);
  const text = reader.source.utf8Slice(reader.at, close);
  reader.at = close;
  return text;
}

function addAttribute(reader: ProtobufReader, end: number, table: AttributeTable): void {
  if (table.add(reader, end)) return;
  throw new Fault(
    'GW_DECODE_TOO_MANY',
    `cannot decode request: a resource or scope has more than ${reader.limits.attributesMax} attributes`,
  );
}
