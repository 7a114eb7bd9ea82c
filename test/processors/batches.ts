/** Batches and dependencies that processor tests share. */
import type { Caller, LogRecord, Logs, Span, Traces } from '../../src/model/batch.ts';
import type { PipelineDeps, Processor, ProcessorFactory } from '../../src/model/component.ts';
import type { Observer } from '../../src/model/observer.ts';
import { type LogRecordFields, logRecordOf, logsOf, resourceOf, type SpanFields, scopeOf, spanOf, tracesOf } from '../../src/otlp/otlp.ts';
import type { AttributeEntries } from '../../src/otlp/wire-attributes.ts';

export const caller: Caller = {
  receiver: 'otlp',
  transport: 'http',
  address: '10.0.0.7',
  metadata: new Map([['x-tenant', ['acme']]]),
  auth: new Map([['subject', 'ann']]),
  receivedAtMs: 0,
};

export interface Logged {
  readonly level: string;
  readonly sentence: string;
  readonly facts: Readonly<Record<string, unknown>>;
}

export interface World {
  readonly deps: PipelineDeps;
  readonly logged: Logged[];
  nowMs: number;
  usedBytes: number;
  /** What a collection of garbage would free of `usedBytes`. */
  garbageBytes: number;
  collections: number;
}

/** What the program hands over, in the hands of a test. */
export function world(): World {
  const logged: Logged[] = [];
  const nothing = () => {};
  const log: Observer['log'] = (level, sentence, facts = {}) => void logged.push({ level, sentence, facts });
  const observer = new Proxy({ log } as unknown as Observer, { get: (target, name) => Reflect.get(target, name) ?? nothing });
  const self: World = {
    logged,
    nowMs: 1_700_000_000_000,
    usedBytes: 0,
    garbageBytes: 0,
    collections: 0,
    deps: {
      id: 'tested',
      observer,
      clock: { now: () => self.nowMs, sleep: async () => {} },
      memory: () => ({ usedBytes: self.usedBytes, totalBytes: 1000 * 2 ** 20 }),
      collectGarbage: () => {
        self.collections++;
        self.usedBytes -= self.garbageBytes;
        self.garbageBytes = 0;
      },
      random: (length) => new Uint8Array(length).fill(7),
    },
  };
  return self;
}

export function processorOf(factory: ProcessorFactory, settings: unknown, deps: PipelineDeps = world().deps): Processor {
  return factory.create((factory.schema as { parse(given: unknown): unknown }).parse(settings), deps);
}

/** What a factory's schema says of settings that it refuses: `path: message`, one per problem. */
export function problemsOf(factory: { readonly schema: unknown }, settings: unknown): string[] {
  const result = (factory.schema as import('zod').ZodType).safeParse(settings);
  return result.success ? [] : result.error.issues.map(({ path, message }) => `${path.join('::')}: ${message}`);
}

export function traces(spans: readonly SpanFields[], resource: AttributeEntries = {}): Traces {
  return tracesOf(caller, [{ resource: resourceOf(resource), scopeSpans: [{ scope: scopeOf('lib', '1.0'), spans: spans.map(spanOf) }] }]);
}

export function logs(records: readonly LogRecordFields[], resource: AttributeEntries = {}): Logs {
  return logsOf(caller, [
    { resource: resourceOf(resource), scopeLogs: [{ scope: scopeOf('lib', '1.0'), logRecords: records.map(logRecordOf) }] },
  ]);
}

export function spansOf(batch: { readonly signal: string }): Span[] {
  return (batch as Traces).resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans));
}

export function recordsOf(batch: { readonly signal: string }): LogRecord[] {
  return (batch as Logs).resourceLogs.flatMap(({ scopeLogs }) => scopeLogs.flatMap(({ logRecords }) => logRecords));
}
