import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type Sink, startSink } from '../../src/sink/sink.ts';
import { multipartBody, partsOf, rootRun, send, sendJson, sendRuns } from './requests.ts';

let sink: Sink;
beforeAll(async () => {
  sink = await startSink();
});
afterAll(() => sink.close());
beforeEach(() => {
  sink.store.clear();
  sink.faults.clear();
});

const stored = (): number => sink.store.runs().length;

test('answers the next requests with a status and stores nothing', async () => {
  sink.faults.add({ times: 2, action: { do: 'status', status: 503 } });
  const statuses = [];
  for (let number = 1; number <= 3; number += 1) statuses.push((await sendRuns(sink.url, [rootRun(number)])).status);
  expect(statuses).toEqual([503, 503, 202]);
  expect(stored()).toBe(1);
});

test('sends Retry-After only where it is told to', async () => {
  sink.faults.add({ times: 1, action: { do: 'status', status: 429, retryAfter: '2' } });
  sink.faults.add({ times: 1, action: { do: 'status', status: 429 } });
  expect((await sendRuns(sink.url, [rootRun(1)])).headers.get('retry-after')).toBe('2');
  expect((await sendRuns(sink.url, [rootRun(1)])).headers.get('retry-after')).toBeNull();
});

test('refuses every request that holds a poison run, by its decoded body', async () => {
  sink.faults.add({ match: { bodyIncludes: 'poison' }, action: { do: 'status', status: 400, body: '{"error":"Bad request: poison"}' } });
  expect((await sendRuns(sink.url, [rootRun(1), rootRun(2, { name: 'poison' })])).text).toBe('{"error":"Bad request: poison"}');
  expect((await sendRuns(sink.url, [rootRun(1)])).status).toBe(202);
  expect((await sendRuns(sink.url, [rootRun(2, { name: 'poison' })])).status).toBe(400);
});

test('answers 413 above a size', async () => {
  sink.faults.add({ match: { bytesOver: 2_000 }, action: { do: 'status', status: 413 } });
  expect((await sendRuns(sink.url, [rootRun(1, { inputs: { text: 'x'.repeat(2_000) } })])).status).toBe(413);
  expect((await sendRuns(sink.url, [rootRun(1)])).status).toBe(202);
});

test('refuses one key and lets the others pass', async () => {
  sink.faults.add({ match: { apiKey: 'blocked' }, action: { do: 'status', status: 403, body: '{"error":"Forbidden"}' } });
  expect((await sendRuns(sink.url, [rootRun(1)], { 'x-api-key': 'blocked' })).status).toBe(403);
  expect((await sendRuns(sink.url, [rootRun(1)], { 'x-api-key': 'other' })).status).toBe(202);
});

test('loses the answer after it has stored, so that a retry conflicts', async () => {
  sink.faults.add({ times: 1, action: { do: 'lose_reply' } });
  await expect(sendRuns(sink.url, [rootRun(1)])).rejects.toThrow();
  expect(stored()).toBe(1);
  expect((await sendRuns(sink.url, [rootRun(1)])).status).toBe(409);
  expect(sink.store.requests().map(({ status }) => status)).toEqual([0, 409]);
});

test('cuts the answer after it has stored', async () => {
  sink.faults.add({ times: 1, action: { do: 'cut_reply' } });
  await expect(sendRuns(sink.url, [rootRun(1)])).rejects.toThrow();
  expect(stored()).toBe(1);
});

test('resets the connection in the middle of the body and stores nothing', async () => {
  sink.faults.add({ times: 1, action: { do: 'reset', afterBytes: 100 } });
  await expect(sendRuns(sink.url, [rootRun(1, { inputs: { text: 'x'.repeat(500_000) } })])).rejects.toThrow();
  expect(stored()).toBe(0);
});

test('hangs until the client gives up, and closes nevertheless', async () => {
  const hanging = await startSink();
  hanging.faults.add({ action: { do: 'hang' } });
  const body = multipartBody(partsOf(rootRun(1)));
  const request = fetch(`${hanging.url}/runs/multipart`, { method: 'POST', body, signal: AbortSignal.timeout(200) });
  await expect(request).rejects.toThrow(/timeout/);
  const second = expect(send(hanging.url, body)).rejects.toThrow();
  await expect.poll(() => hanging.store.requests().length).toBe(2);
  await hanging.close();
  await second;
});

test('delays an answer and gives it then', async () => {
  sink.faults.add({ times: 1, delayMs: 150, action: { do: 'delay' } });
  const start = performance.now();
  expect((await sendRuns(sink.url, [rootRun(1)])).status).toBe(202);
  expect(performance.now() - start).toBeGreaterThan(140);
});

test('ends a rule when its time is over', async () => {
  sink.faults.add({ forMs: 0, action: { do: 'status', status: 500 } });
  expect((await sendRuns(sink.url, [rootRun(1)])).status).toBe(202);
});

test('leaves reading alone unless a rule names its path', async () => {
  sink.faults.add({ action: { do: 'status', status: 500 } });
  expect((await fetch(`${sink.url}/info`)).status).toBe(200);
  sink.faults.add({ match: { path: '/info' }, action: { do: 'status', status: 404 } });
  expect((await fetch(`${sink.url}/api/v1/info`)).status).toBe(404);
});

test('takes its rules over HTTP, too', async () => {
  const rule = { times: 1, action: { do: 'status', status: 502 } };
  expect(await sendJson(`${sink.url}/sink/faults`, 'POST', rule)).toEqual({ status: 201, json: rule });
  expect(await sendJson(`${sink.url}/sink/faults`, 'GET')).toEqual({ status: 200, json: [rule] });
  expect((await sendRuns(sink.url, [rootRun(1)])).status).toBe(502);
  expect((await sendJson(`${sink.url}/sink/faults`, 'POST', { action: { do: 'explode' } })).status).toBe(422);
  await sendJson(`${sink.url}/sink/faults`, 'POST', rule);
  await sendJson(`${sink.url}/sink/faults`, 'DELETE');
  expect(sink.faults.active).toEqual([]);
});

test('takes no rules from the forms of a foreign web page', async () => {
  const answer = await fetch(`${sink.url}/sink/faults`, {
    method: 'POST',
    headers: { 'content-type': 'text/plain' },
    body: '{"action":{"do":"hang"}}',
  });
  expect(answer.status).toBe(415);
});
