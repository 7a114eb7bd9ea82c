/** The whole campaign as OTLP requests, in each of the ways that they travel. */
import type protobuf from 'protobufjs';
import { oracle, oracleEncode, type Plain } from '../otlp/oracle.ts';
import { dialectSpans } from './dialects.ts';
import { planted, plantedFields } from './planting.ts';
import { type Canary, Mint } from './secrets.ts';

export const transports = ['http/protobuf', 'http/json', 'grpc'] as const;
export type Transport = (typeof transports)[number];

export interface Request {
  readonly signal: 'traces' | 'logs';
  readonly transport: Transport;
  readonly body: Buffer;
  readonly spans: number;
}

export interface Campaign {
  readonly requests: readonly Request[];
  readonly canaries: readonly Canary[];
  /** Text fields of the protocol in which something was planted, by `Message.field`. */
  readonly fields: ReadonlySet<string>;
}

/** In the text of spans that the sink refuses, so that they become dead letters. */
export const poison = 'poisoned-on-purpose';

export function campaign(): Campaign {
  const requests: Request[] = [];
  const canaries: Canary[] = [];
  const fields = new Set<string>();
  for (const [index, transport] of transports.entries()) {
    const mint = new Mint(`canaries over ${transport}`);
    const identified = identifier(index + 1);
    const everywhere = identified(planted(oracle.traces, mint));
    const spoken = identified({
      resourceSpans: dialectSpans(mint, index * 5).map(({ scope, span }) => ({ scopeSpans: [{ scope, spans: [{ ...ids, ...span }] }] })),
    });
    const poisoned = identified(planted(oracle.traces, mint));
    mark(poisoned);
    // The last ones come with the ids of the first ones: they are joined with those spans.
    const records = identifier(index + 1)(planted(oracle.logs, mint));
    for (const [type, message] of [
      [oracle.traces, everywhere],
      [oracle.logs, records],
    ] as const)
      plantedFields(type, message, fields);
    for (const message of [everywhere, spoken, poisoned]) requests.push(requestOf('traces', transport, message));
    requests.push(requestOf('logs', transport, records));
    canaries.push(...mint.canaries);
  }
  return { requests, canaries, fields };
}

const ids = { traceId: '', spanId: '' };
const startNano = 1_767_225_600_000_000_000n;

/** Gives each span ids of its own, and a time. */
function identifier(channel: number): (message: Plain) => Record<string, unknown> {
  let count = 0;
  const visit = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(visit);
    if (typeof value !== 'object' || value === null) return value;
    const copy = Object.fromEntries(Object.entries(value).map(([key, one]) => [key, visit(one)]));
    if ('traceId' in copy && !('stringValue' in copy)) {
      count += 1;
      copy.traceId = `${channel}`.padStart(16, '0') + `${count}`.padStart(16, '0');
      copy.spanId = `${channel}`.padStart(8, '0') + `${count}`.padStart(8, '0');
      if ('parentSpanId' in copy) copy.parentSpanId = '';
      if ('name' in copy || 'status' in copy)
        Object.assign(copy, { kind: 1, startTimeUnixNano: `${startNano}`, endTimeUnixNano: `${startNano + 1_000n}` });
    }
    return copy;
  };
  return (message) => visit(message) as Record<string, unknown>;
}

function mark(message: Plain): void {
  for (const span of spansOf(message)) span.name = `${span.name} ${poison}`;
}

function spansOf(message: Plain): Record<string, unknown>[] {
  const { resourceSpans = [] } = message as { resourceSpans?: { scopeSpans: { spans: Record<string, unknown>[] }[] }[] };
  return resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans));
}

function requestOf(signal: Request['signal'], transport: Transport, message: Plain): Request {
  const body = transport === 'http/json' ? Buffer.from(JSON.stringify(message)) : toProtobuf(oracle[signal], message);
  return { signal, transport, body, spans: spansOf(message).length };
}

/** OTLP/JSON has ids in hex, where the oracle takes base64. */
export function toProtobuf(type: protobuf.Type, message: Plain): Buffer {
  const visit = (value: unknown, key: string): unknown => {
    if (Array.isArray(value)) return value.map((one) => visit(one, ''));
    if (typeof value === 'string') return /^(?:trace|span|parentSpan)Id$/.test(key) ? Buffer.from(value, 'hex').toString('base64') : value;
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, visit(one, name)]));
  };
  return oracleEncode(type, visit(message, '') as Plain) as unknown as Buffer;
}
