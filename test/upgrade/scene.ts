/**
 * A journal that holds some of everything, and what becomes of it. `fill` makes it, once for each format of the journal; `deliver` shows that today's
 * program takes it over. Both live at the same fictitious time, so that what waits has not waited too long.
 */
import { expect } from 'vitest';
import { formatProblem, loadConfig } from '../../src/config/load.ts';
import { DeadLetterDesk } from '../../src/exporters/langsmith/dead-letter-desk.ts';
import type { Pair, Space } from '../../src/journal/journal.ts';
import type { Clock } from '../../src/model/clock.ts';
import { runIdOfSpan } from '../../src/model/ids.ts';
import { systemClock } from '../../src/service/clock.ts';
import { factories } from '../../src/service/components.ts';
import { startGateway } from '../../src/service/gateway.ts';
import { gatewayConfig, until } from '../e2e/harness.ts';
import { farSink } from './far-sink.ts';

/** Where a gateway keeps its journal: a storage extension's id and settings. */
export interface Place {
  readonly storage: string;
  readonly settings: object;
  readonly durability: string;
}

const filledAtMs = 1_767_225_600_000;
const takenOverAtMs = filledAtMs + 60_000;

function clockFrom(startMs: number): Clock {
  const begunAtMs = Date.now();
  return { now: () => startMs + Date.now() - begunAtMs, sleep: systemClock.sleep };
}

async function open({ storage, settings, durability }: Place, sinkUrl: string, startMs: number, flushTimeout: string) {
  const exporter = { sending_queue: { storage, durability }, batch: { flush_timeout: flushTimeout } };
  const document = gatewayConfig({ sinkUrl, exporter }) as { readonly service: object };
  const config = { ...document, extensions: { [storage]: settings }, service: { ...document.service, extensions: [storage] } };
  const loaded = await loadConfig({ uris: [`yaml:${JSON.stringify(config)}`], sets: [], env: {}, factories });
  if (!loaded.ok) throw new Error(loaded.problems.map(formatProblem).join('\n'));
  const lines: string[] = [];
  const gateway = await startGateway(loaded.config, {
    clock: clockFrom(startMs),
    emit: (level, sentence, facts) => void lines.push(`${level} ${sentence} ${JSON.stringify(facts)}`),
  });
  const [journaled] = gateway.service.journaled();
  if (!journaled) throw new Error('there is no exporter with a journal');
  const { http } = gateway.service.receivers.get('otlp')?.addresses() ?? {};
  return { gateway, exporter: journaled[1], lines, url: `http://127.0.0.1:${http?.port}` };
}

type Opened = Awaited<ReturnType<typeof open>>;

async function pairsIn({ exporter: { journal } }: Opened, space: Space): Promise<readonly Pair[]> {
  const pairs = Array.from({ length: journal.partitions }, (_, id) => journal.peek(id, space, '', '\u{10ffff}', 100));
  return (await Promise.all(pairs)).flat();
}

async function count(opened: Opened, space: Space): Promise<number> {
  return (await pairsIn(opened, space)).length;
}

const traceIdOf = (trace: number): string => `${trace}`.padStart(32, 'a');
const spanIdOf = (span: number): string => `${span}`.padStart(16, 'b');

async function post(url: string, signal: 'traces' | 'logs', body: object): Promise<void> {
  const headers = { 'content-type': 'application/json' };
  expect((await fetch(`${url}/v1/${signal}`, { method: 'POST', headers, body: JSON.stringify(body) })).status).toBe(200);
}

interface SpanOf {
  readonly trace: number;
  readonly span: number;
  readonly parent?: number;
  readonly name?: string;
}

const kindClient = 3;

function send(url: string, ...all: readonly SpanOf[]): Promise<void> {
  const spans = all.map(({ trace, span, parent, name = `span ${span}` }) => ({
    traceId: traceIdOf(trace),
    spanId: spanIdOf(span),
    ...(parent === undefined ? {} : { parentSpanId: spanIdOf(parent) }),
    name,
    kind: kindClient,
    startTimeUnixNano: `${filledAtMs}000000`,
    endTimeUnixNano: `${filledAtMs + 1_000}000000`,
    attributes: [{ key: 'gen_ai.operation.name', value: { stringValue: 'chat' } }],
  }));
  return post(url, 'traces', { resourceSpans: [{ scopeSpans: [{ spans }] }] });
}

function sendQuestion(url: string, trace: number, span: number): Promise<void> {
  const content = { values: [{ key: 'content', value: { stringValue: 'What is the capital of France?' } }] };
  const record = {
    traceId: traceIdOf(trace),
    spanId: spanIdOf(span),
    timeUnixNano: `${filledAtMs}000000`,
    eventName: 'gen_ai.user.message',
    body: { kvlistValue: content },
  };
  const scope = { name: 'opentelemetry.instrumentation.openai_v2' };
  return post(url, 'logs', { resourceLogs: [{ scopeLogs: [{ scope, logRecords: [record] }] }] });
}

/** Leaves an index of what was delivered, a dead letter, what waits, a sealed batch and entries of the inbox; then `save` is to copy the journal. */
export async function fill(place: Place, save: () => Promise<void>): Promise<void> {
  const { sink, url, close } = await farSink();
  const first = await open(place, url, filledAtMs, '50ms');
  const describe = (): string => first.lines.join('\n');
  await send(first.url, { trace: 1, span: 10 });
  await until(() => first.exporter.balance().delivered === 1, describe);
  sink.faults.add({ match: { bodyIncludes: 'poison' }, action: { do: 'status', status: 422 } });
  await send(first.url, { trace: 2, span: 20, name: 'poison' });
  await until(() => first.exporter.balance().deadLettered === 1, describe);
  await send(first.url, { trace: 3, span: 31, parent: 30 });
  await sendQuestion(first.url, 4, 40);
  await until(async () => (await count(first, 'park')) === 2, describe);
  sink.faults.add({ action: { do: 'status', status: 503 } });
  await send(first.url, { trace: 5, span: 50 });
  await until(async () => (await count(first, 'batch')) === 1, describe);
  await first.gateway.stop(100);
  const second = await open(place, url, filledAtMs + 10_000, '1h');
  await send(second.url, { trace: 6, span: 60 }, { trace: 6, span: 61, parent: 60 });
  expect(second.exporter.journal.stats().inboxItems).toBe(2);
  await save();
  await second.gateway.stop(100);
  await close();
}

/**
 * Starts on such a journal, sends what was missing, replays the dead letter: all of it must arrive where it belongs, and the index hold chunks of one
 * version only, the format's.
 */
export async function deliver(place: Place, indexVersion: number): Promise<void> {
  const { sink, url, close } = await farSink();
  const opened = await open(place, url, takenOverAtMs, '50ms');
  const describe = (): string => [...sink.store.runs().map(({ id }) => id), ...opened.lines].join('\n');
  expect({ dead: await count(opened, 'dead'), waiting: await count(opened, 'park') }).toEqual({ dead: 1, waiting: 2 });
  await send(opened.url, { trace: 3, span: 30 }, { trace: 4, span: 40 }, { trace: 1, span: 11, parent: 10 });
  expect(await new DeadLetterDesk(opened.exporter.journal).command('replay', 'all')).toBe(1);
  const expected = [11, 20, 30, 31, 40, 50, 60, 61].map((span) => runIdOfSpan(spanIdOf(span)));
  await until(() => expected.every((id) => sink.store.run(id)) && opened.exporter.balance().waiting === 0, describe);
  await until(() => opened.exporter.journal.stats().inboxItems === 0, describe);
  expect(sink.store.runs().length).toBe(expected.length);
  for (const [span, parent] of [
    [11, 10],
    [31, 30],
    [61, 60],
  ] as const)
    expect(sink.store.run(runIdOfSpan(spanIdOf(span)))?.parentRunId).toBe(runIdOfSpan(spanIdOf(parent)));
  expect(JSON.stringify(sink.store.run(runIdOfSpan(spanIdOf(40))))).toContain('What is the capital of France?');
  const versions = (await pairsIn(opened, 'index')).map(({ value }) => value[0]);
  expect(new Set(versions)).toEqual(new Set([indexVersion]));
  expect(opened.exporter.journal.stats()).toMatchObject({ damaged: 0 });
  expect(opened.lines.filter((line) => /^(?:warn|error)/.test(line))).toEqual([]);
  await opened.gateway.stop(5_000);
  await close();
}
