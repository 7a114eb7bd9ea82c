import type { SpanEvent, SpanLink } from '../model/batch.ts';

/** The rules by which a time zone tells its offset. `utc` is the only one that the language itself knows. */
export interface Zone {
  /** IANA name, `UTC`, or an offset such as `+02:00`. */
  readonly name: string;
  /** Seconds east of UTC at an instant. */
  offsetSecondsAt(unixSeconds: number): number;
}

export const utc: Zone = { name: 'UTC', offsetSecondsAt: () => 0 };

/** An instant. Equal and ordered by `unixNano`; the zone only matters for calendar fields. */
export class Time {
  readonly unixNano: bigint;
  readonly zone: Zone;

  constructor(unixNano: bigint, zone: Zone = utc) {
    this.unixNano = unixNano;
    this.zone = zone;
  }
}

/** A span of time: an int64 count of nanoseconds. */
export class Duration {
  readonly nanos: bigint;

  constructor(nanos: bigint) {
    this.nanos = BigInt.asIntN(64, nanos);
  }
}

/** A trace id (32 hex digits), span id (16) or profile id (32), in lower case; an absent id is all zeros. */
export class Id {
  readonly hex: string;

  constructor(hex: string) {
    this.hex = hex;
  }
}

/** The events or links of a span, which OTTL moves as a whole only. */
export class RecordList {
  readonly kind: 'events' | 'links';
  readonly items: readonly (SpanEvent | SpanLink)[];

  constructor(kind: 'events' | 'links', items: readonly (SpanEvent | SpanLink)[]) {
    this.kind = kind;
    this.items = items;
  }
}

/** A value as OTTL sees it: the model's `Value`, and times, durations, ids. Nobody changes a list, map or byte array that he was given. */
export type OttlValue = null | string | boolean | number | bigint | Uint8Array | Time | Duration | Id | RecordList | OttlList | OttlMap;
export type OttlList = readonly OttlValue[];
export type OttlMap = ReadonlyMap<string, OttlValue>;

export type OttlType = 'nil' | 'string' | 'bool' | 'int' | 'float' | 'bytes' | 'time' | 'duration' | 'id' | 'records' | 'list' | 'map';

export function typeOf(value: OttlValue): OttlType {
  switch (typeof value) {
    case 'string':
      return 'string';
    case 'boolean':
      return 'bool';
    case 'number':
      return 'float';
    case 'bigint':
      return 'int';
    default:
      if (value === null) return 'nil';
      if (value instanceof Map) return 'map';
      if (Array.isArray(value)) return 'list';
      if (value instanceof Uint8Array) return 'bytes';
      if (value instanceof Time) return 'time';
      if (value instanceof Duration) return 'duration';
      if (value instanceof Id) return 'id';
      return 'records';
  }
}

export function isMap(value: OttlValue): value is OttlMap {
  return value instanceof Map;
}

export function isList(value: OttlValue): value is OttlList {
  return Array.isArray(value);
}
