import type { Evaluation } from '../evaluation.ts';
import type { OttlMap, OttlValue } from '../value.ts';
import { type EntriesField, type Fields, readOnly } from './field.ts';

type Metadata = ReadonlyMap<string, readonly string[]>;

const none: Metadata = new Map();

/** Several values of one header are one text, as HTTP joins them (RFC 9110, section 5.3). */
function joined(values: readonly string[] | undefined): string | null {
  if (values === undefined || values.length === 0) return null;
  return values.length === 1 ? (values[0] as string) : values.join(',');
}

function metadata(of: (evaluation: Evaluation) => Metadata): EntriesField {
  const whole = (evaluation: Evaluation): OttlMap => new Map(Array.from(of(evaluation), ([name, values]) => [name, joined(values)]));
  return {
    kind: 'entries',
    type: 'map',
    get: whole,
    set: undefined,
    entry: (evaluation, key): OttlValue => joined(of(evaluation).get(key.toLowerCase())),
    setEntry: undefined,
  };
}

const authAttributes: EntriesField = {
  kind: 'entries',
  type: 'map',
  get: (evaluation) => new Map(evaluation.caller.auth),
  set: undefined,
  entry: (evaluation, key) => evaluation.caller.auth?.get(key) ?? null,
  setEntry: undefined,
};

/** What the request brought along, read-only. Source: `ctxotelcol` of the Collector's OTTL. */
export const otelcolFields: Fields = {
  'client.addr': readOnly('string', (evaluation) => evaluation.caller.address),
  'client.metadata': metadata((evaluation) => evaluation.caller.metadata),
  'client.auth.attributes': authAttributes,
  'grpc.metadata': metadata((evaluation) => (evaluation.caller.transport === 'grpc' ? evaluation.caller.metadata : none)),
};

/** `request["X-Tenant"]`, the routing connector's older word for a header or a gRPC metadata entry. */
export const requestField: EntriesField = metadata((evaluation) => evaluation.caller.metadata);
