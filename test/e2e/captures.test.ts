/** Every capture through a real gateway into the strict sink: every expected run once, every parent right, no rule broken. */
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { runIdOfSpan } from '../../src/model/ids.ts';
import type { Sink } from '../../src/sink/sink.ts';
import { type Capture, type CapturedRequest, captureNames, readCapture, replay } from './captures.ts';
import { expectConserved, startTestGateway, strictSink, type TestGateway, temporaryDirectory, until } from './harness.ts';

let sink: Sink;
let directory: ReturnType<typeof temporaryDirectory>;
let gateways: TestGateway[] = [];

beforeEach(async () => {
  sink = await strictSink();
  directory = temporaryDirectory();
});

afterEach(async () => {
  for (const gateway of gateways) await gateway.stop();
  gateways = [];
  await sink.close();
  directory.remove();
});

async function gatewaysSharingAJournal(count: number): Promise<void> {
  for (let i = 0; i < count; i += 1) gateways.push(await startTestGateway({ sinkUrl: sink.url, directory: directory.path }));
}

const requestsOf = (capture: Capture): CapturedRequest[] => capture.requests.filter(({ responded_status }) => responded_status < 400);

function expectRuns(capture: Capture): void {
  const expected = capture.spans.filter(({ not_a_run }) => not_a_run === undefined);
  for (const span of expected) {
    const run = sink.store.run(runIdOfSpan(span.span_id));
    const where = `${capture.name}: ${span.name}`;
    expect(run, where).toBeDefined();
    expect(run?.parentRunId, where).toBe(span.parent_span_id === null ? '' : runIdOfSpan(span.parent_span_id));
    expect([span.run_type, ...(span.run_type_also_ok ?? [])], where).toContain(run?.fields.run_type);
  }
}

async function deliver(
  captures: readonly Capture[],
  order: (requests: { capture: Capture; request: CapturedRequest }[]) => { capture: Capture; request: CapturedRequest }[],
): Promise<void> {
  const all = order(captures.flatMap((capture) => requestsOf(capture).map((request) => ({ capture, request }))));
  for (const [index, { capture, request }] of all.entries()) {
    const { httpUrl, grpcUrl } = gateways[index % gateways.length] as TestGateway;
    expect(await replay(capture, request, httpUrl, grpcUrl), `${capture.name}/${request.file}`).toBe(true);
  }
  const runs = captures.reduce((sum, capture) => sum + capture.spans.filter(({ not_a_run }) => not_a_run === undefined).length, 0);
  await until(
    () => sink.store.runs().length >= runs,
    () =>
      `${sink.store.runs().length} of ${runs} runs; ${JSON.stringify(sink.store.violations().slice(0, 3))}; ${gateways
        .flatMap(({ lines }) => lines)
        .slice(-5)
        .join('\n')}`,
  );
  expect(sink.store.runs().length).toBe(runs);
  expect(sink.store.violations()).toEqual([]);
  for (const capture of captures) expectRuns(capture);
}

const captures = captureNames.map(readCapture);

describe('one gateway, disk journal', () => {
  test('all captures arrive in the order in which they were recorded', async () => {
    await gatewaysSharingAJournal(1);
    await deliver(captures, (requests) => requests);
    await expectConserved(gateways[0] as TestGateway);
  }, 120_000);

  test('all captures arrive when every request comes in reverse', async () => {
    await gatewaysSharingAJournal(1);
    await deliver(captures, (requests) => requests.reverse());
    await expectConserved(gateways[0] as TestGateway);
  }, 120_000);

  test('all captures arrive when all requests are shuffled', async () => {
    await gatewaysSharingAJournal(1);
    const [seed] = fc.sample(fc.integer(), 1) as [number];
    await deliver(captures, (requests) => shuffled(requests, seed));
    await expectConserved(gateways[0] as TestGateway);
  }, 120_000);
});

test('all captures arrive when two gateways that share a journal get every other request', async () => {
  await gatewaysSharingAJournal(2);
  await deliver(captures, (requests) => shuffled(requests, 20_261_121));
  await expectConserved(...gateways);
}, 120_000);

function shuffled<T>(items: T[], seed: number): T[] {
  let state = seed >>> 0;
  const random = (): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
  for (let i = items.length - 1; i > 0; i -= 1) {
    const j = Math.floor(random() * (i + 1));
    [items[i], items[j]] = [items[j] as T, items[i] as T];
  }
  return items;
}
