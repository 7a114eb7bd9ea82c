import type { Bytes } from '../model/bytes.ts';
import { Fault } from '../model/fault.ts';
import { defaultLimits, type Limits } from './limits.ts';
import { ProtobufReader } from './protobuf-reader.ts';
import * as schema from './schema.ts';
import { otherSignal, type RecordPlace, wrongSignal } from './signal-check.ts';
import { checkMessage, expectWire } from './wire-check.ts';

/** Fields on the way from the request to its data points. */
const onTheWay = new Set(['resourceMetrics', 'scopeMetrics', 'metrics', 'gauge', 'sum', 'histogram', 'exponentialHistogram', 'summary']);

/**
 * The number of data points in an `ExportMetricsServiceRequest`. They are counted and not looked into.
 * @throws Fault GW_DECODE_BAD_PROTOBUF, GW_DECODE_WRONG_SIGNAL, GW_DECODE_TOO_DEEP, GW_DECODE_TOO_MANY
 */
export function countMetrics(body: Bytes, limits: Limits = defaultLimits): number {
  const reader = new ProtobufReader(body, limits);
  let record: RecordPlace = { start: 0, end: 0 };
  let count = 0;

  function walk(end: number, message: schema.Message): void {
    while (reader.at < end) {
      const tag = reader.tag();
      const field = message.byNumber[tag >>> 3];
      if (field !== undefined) expectWire(reader, tag, field, message);
      if (field?.kind !== 'message') {
        reader.skip(tag, end);
        continue;
      }
      const close = reader.block(end);
      if (field.message === schema.metric) record = { start: reader.at, end: close };
      if (onTheWay.has(field.name)) walk(close, field.message);
      else if (field.name === 'dataPoints') {
        count++;
        reader.at = close;
      } else checkMessage(reader, close, field.message, 1);
    }
    reader.closed(end);
  }

  try {
    walk(body.length, schema.metrics);
  } catch (error) {
    const sent = error instanceof Fault && error.code === 'GW_DECODE_BAD_PROTOBUF' ? otherSignal(body, record, 'metrics') : undefined;
    throw sent === undefined ? error : wrongSignal(sent, 'metrics');
  }
  return count;
}
