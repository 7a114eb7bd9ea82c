import { gzipSync } from 'node:zlib';
import * as grpc from '@grpc/grpc-js';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Batch, itemCount, type Span, type Traces } from '../../src/model/batch.ts';
import { asBytes, bytes } from '../../src/model/bytes.ts';
import { Fault } from '../../src/model/fault.ts';
import { issueReceipt } from '../../src/model/receipt.ts';
import { decodeTracesJson, transcodeTraces } from '../../src/otlp/otlp.ts';
import { LargeRequests } from '../../src/receivers/otlp/large-request.ts';
import { partsOf } from '../../src/receivers/otlp/parts.ts';
import { type RunningReceiver, startReceiver } from './running-receiver.ts';

const mebibyte = 2 ** 20;
const hex = (number: number, digits: number): string => (number + 1).toString(16).padStart(digits, '0');

/** Counts the turns of the event loop until it is stopped. */
class CountedTurns {
  count = 0;
  #working = true;

  constructor() {
    setImmediate(() => this.#next());
  }

  stop(): void {
    this.#working = false;
  }

  #next(): void {
    this.count += 1;
    if (this.#working) setImmediate(() => this.#next());
  }
}

/** `groups`: per resource the number of spans in each of its scopes. */
function tracesOfGroups(groups: readonly (readonly number[])[]): Traces {
  let index = 0;
  const span = () => ({
    ...{ traceId: hex(index, 32), spanId: hex(index++, 16), name: 'step', kind: 1 },
    ...{ startTimeUnixNano: '1767323045000000000', endTimeUnixNano: '1767323045001000000' },
  });
  const resourceSpans = groups.map((scopes, number) => ({
    resource: { attributes: [{ key: 'service.name', value: { stringValue: `service-${number}` } }] },
    scopeSpans: scopes.map((count, scope) => ({ scope: { name: `scope-${scope}` }, spans: Array.from({ length: count }, span) })),
  }));
  const caller = { receiver: 'otlp', transport: 'http', address: '', metadata: new Map(), receivedAtMs: 0 } as const;
  return decodeTracesJson(bytes.from(JSON.stringify({ resourceSpans })), caller).batch;
}

function placesOf(batch: Batch): string[] {
  const { resourceSpans } = batch as Traces;
  return resourceSpans.flatMap(({ resource, scopeSpans }) =>
    scopeSpans.flatMap(({ scope, spans }) =>
      spans.map(({ spanId }: Span) => `${resource.attributes.get('service.name')} ${scope.name} ${spanId}`),
    ),
  );
}

test('parts hold every span once, in order, under its own resource and scope, and no part more than its share', () => {
  const groups = fc.array(fc.array(fc.integer({ min: 0, max: 7 }), { maxLength: 4 }), { maxLength: 4 });
  fc.assert(
    fc.property(groups, fc.integer({ min: 1, max: 9 }), (counts, itemsMax) => {
      const batch = tracesOfGroups(counts);
      const parts = partsOf(batch, itemsMax);
      expect(parts.flatMap(placesOf)).toEqual(placesOf(batch));
      for (const part of parts.slice(0, -1)) expect(itemCount(part)).toBe(itemsMax);
      expect(parts.length).toBe(Math.ceil(itemCount(batch) / itemsMax));
    }),
  );
});

test('a request that is not large is handed on as it is', async () => {
  const batch = tracesOfGroups([[100]]);
  const seen: Batch[] = [];
  await new LargeRequests().consume(batch, 100, mebibyte, async (part) => {
    seen.push(part);
    return issueReceipt('memory', itemCount(part));
  });
  expect(seen).toEqual([batch]);
});

test('the parts of several large requests start one in each turn of the event loop, those of one beside those of the other', async () => {
  const turns = new CountedTurns();
  const large = new LargeRequests();
  const starts: { readonly turn: number; readonly of: string }[] = [];
  const send = (of: string) =>
    large.consume(tracesOfGroups([[40]]), 40, 2 * mebibyte, async (part) => {
      starts.push({ turn: turns.count, of });
      return issueReceipt('memory', itemCount(part));
    });
  await Promise.all([send('first'), send('second')]);
  turns.stop();
  expect(starts.map(({ of }) => of).sort()).toEqual([...Array(8).fill('first'), ...Array(8).fill('second')]);
  expect(new Set(starts.map((each) => each.turn)).size).toBe(16);
});

test('a large body is decoded in several turns of the event loop, a small one in one', async () => {
  const stepsOf = async (size: number): Promise<number> => {
    const turns = new CountedTurns();
    await new LargeRequests().decode(size, function* (stepBytes) {
      for (let at = 0; at < size; at += stepBytes) yield;
    });
    turns.stop();
    return turns.count;
  };
  expect(await stepsOf(8 * mebibyte)).toBeGreaterThanOrEqual(16);
  expect(await stepsOf(mebibyte)).toBeLessThanOrEqual(1);
});

test.each(['protobuf', 'json', 'gzip', 'grpc'] as const)(
  'a large request with a bad end is refused, and nothing of it is handed on: %s',
  async (form) => {
    const receiver = await startReceiver();
    try {
      const span = (index: number) => ({ traceId: hex(index, 32), spanId: hex(index, 16), name: 'n'.repeat(1_000) });
      const spans = Array.from({ length: 6_000 }, (_, index) => span(index));
      const json = Buffer.from(JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans }] }] }));
      const good = form === 'json' ? json : Buffer.from(transcodeTraces(asBytes(json)));
      expect(await send(receiver, form, good)).toBe(true);
      expect(receiver.batches.length).toBeGreaterThan(4);
      const handedOn = receiver.batches.length;
      const bad = form === 'json' ? Buffer.concat([good.subarray(0, -1), Buffer.from(',')]) : Buffer.concat([good, Buffer.of(0x07)]);
      expect(await send(receiver, form, bad)).toBe(false);
      expect(receiver.batches.length).toBe(handedOn);
    } finally {
      await receiver.stop();
    }
  },
);

/** Whether it was taken. */
async function send(receiver: RunningReceiver, form: 'protobuf' | 'json' | 'gzip' | 'grpc', body: Buffer): Promise<boolean> {
  if (form === 'grpc') {
    const client = new grpc.Client(receiver.grpcAddress, grpc.credentials.createInsecure());
    const same = (bytes: Buffer): Buffer => bytes;
    const path = '/opentelemetry.proto.collector.trace.v1.TraceService/Export';
    return new Promise((resolve) => {
      client.makeUnaryRequest(path, same, same, body, (error) => {
        client.close();
        resolve(!error);
      });
    });
  }
  const headers = {
    'content-type': form === 'json' ? 'application/json' : 'application/x-protobuf',
    ...(form === 'gzip' ? { 'content-encoding': 'gzip' } : {}),
  };
  const sent = form === 'gzip' ? gzipSync(body) : body;
  const answer = await fetch(`${receiver.url}/v1/traces`, { method: 'POST', headers, body: new Uint8Array(sent) });
  return answer.ok;
}

test('what a processor does to the resource of one part does not happen to that of another', async () => {
  const found: unknown[] = [];
  await new LargeRequests().consume(tracesOfGroups([[30]]), 30, 1.5 * mebibyte, async (part) => {
    const [group] = (part as Traces).resourceSpans;
    found.push(group?.resource.attributes.get('service.name'));
    group?.resource.attributes.set('service.name', 'changed');
    return issueReceipt('memory', itemCount(part));
  });
  expect(found).toEqual(Array(6).fill('service-0'));
});

test('a request of which a part is refused is refused when none of its parts is under way any more', async () => {
  let underWay = 0;
  let calls = 0;
  const refused = new LargeRequests().consume(tracesOfGroups([[40]]), 40, 2 * mebibyte, async (part) => {
    calls += 1;
    underWay += 1;
    const call = calls;
    await new Promise((resolve) => setImmediate(resolve));
    if (call === 1) {
      underWay -= 1;
      throw new Fault('GW_JOURNAL_FULL', 'cannot append: the journal is full');
    }
    await new Promise((resolve) => setImmediate(resolve));
    underWay -= 1;
    return issueReceipt('memory', itemCount(part));
  });
  await expect(refused).rejects.toMatchObject({ code: 'GW_JOURNAL_FULL' });
  expect([calls, underWay]).toEqual([8, 0]);
});
