import type { Signal } from '../model/batch.ts';
import type { Bytes } from '../model/bytes.ts';
import { Fault } from '../model/fault.ts';
import { checkedReader, viewOf, Wire } from './protobuf-reader.ts';
import * as schema from './schema.ts';
import { spanIdBytes, traceIdBytes } from './wire-ids.ts';

export type AnySignal = Signal | 'metrics';

/** Sizes of a record's fields by number; the last one of a repeated field. */
type FieldSizes = ReadonlyMap<number, number>;

const hasIds = (sizes: FieldSizes) => sizes.get(1) === traceIdBytes && sizes.get(2) === spanIdBytes;

interface Shape {
  readonly signal: AnySignal;
  readonly message: schema.Message;
  /** Whether a record of this message that makes sense has such fields. Wire types alone leave spans and metrics alike. */
  readonly makesSense: (sizes: FieldSizes) => boolean;
}

const shapes: readonly Shape[] = [
  { signal: 'traces', message: schema.span, makesSense: hasIds },
  { signal: 'logs', message: schema.logRecord, makesSense: (sizes) => [1, 2, 11].some((number) => sizes.has(number)) },
  {
    signal: 'metrics',
    message: schema.metric,
    makesSense: (sizes) => !hasIds(sizes) && [5, 7, 9, 10, 11].some((number) => sizes.has(number)),
  },
];

/** A record's place in the bytes of its request. */
export interface RecordPlace {
  readonly start: number;
  readonly end: number;
}

/**
 * The exports of the three signals are nested alike, so one that came to the wrong place is told by a record that could not be read as the wanted
 * signal: which other one do the wire types of all its fields fit? Bytes that are no protobuf fit none.
 */
export function otherSignal(body: Bytes, place: RecordPlace, wanted: AnySignal): AnySignal | undefined {
  const fitting = shapes.filter(({ signal, message, makesSense }) => {
    if (signal === wanted) return false;
    const sizes = fieldSizes(body, place, message);
    return sizes !== undefined && makesSense(sizes);
  });
  return fitting.length === 1 ? fitting[0]?.signal : undefined;
}

/**
 * A gauge, histogram or summary can have the wire types of a span without times and with bad ids: the metric's name in place of the trace id.
 * Asked only when every span of a request was rejected.
 */
export function looksLikeMetric(body: Bytes, place: RecordPlace): boolean {
  const sizes = fieldSizes(body, place, schema.metric);
  return sizes?.has(1) === true && [5, 9, 11].some((number) => sizes.has(number));
}

export function wrongSignal(sent: AnySignal, wanted: AnySignal): Fault {
  return new Fault('GW_DECODE_WRONG_SIGNAL', `cannot decode ${wanted}: the body is a ${sent} export, which belongs to /v1/${sent}`, {
    hint: `point the ${sent} exporter at /v1/${sent} and the ${wanted} exporter at /v1/${wanted}`,
  });
}

/** `undefined` if a field does not have the message's wire type, or the bytes are no protobuf. */
function fieldSizes(body: Bytes, { start, end }: RecordPlace, message: schema.Message): FieldSizes | undefined {
  const reader = checkedReader(body, viewOf(body), start);
  const sizes = new Map<number, number>();
  try {
    while (reader.at < end) {
      const tag = reader.tag();
      const field = message.byNumber[tag >>> 3];
      if (field !== undefined && field.wire !== (tag & 7)) return undefined;
      const close = (tag & 7) === Wire.block ? reader.block(end) : undefined;
      const from = reader.at;
      if (close === undefined) reader.skip(tag, end);
      else reader.at = close;
      sizes.set(tag >>> 3, reader.at - from);
    }
    return sizes;
  } catch (error) {
    if (error instanceof Fault) return undefined;
    throw error;
  }
}
