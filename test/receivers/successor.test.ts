/** A receiver that takes over the port of another one, as in a reload: what the former one still holds counts, so limits do not double meanwhile. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { AllowanceOf } from '../../src/model/component.ts';
import { issueReceipt } from '../../src/model/receipt.ts';
import { receiverSchema } from '../../src/receivers/otlp/config.ts';
import { OtlpReceiver } from '../../src/receivers/otlp/receiver.ts';
import { systemClock } from '../../src/service/clock.ts';
import { Metrics } from '../../src/service/telemetry/metrics.ts';
import { Telemetry } from '../../src/service/telemetry/telemetry.ts';
import { raw, until } from '../security/clients.ts';
import { tracesJsonBody } from './running-receiver.ts';

const unlimited: AllowanceOf = () => ({ spend: () => {} });
const observer = new Telemetry(new Metrics(Date.now(), Date.now), () => {}, Date.now);
const limits = { max_connections: 3, max_connections_per_address: 3, max_in_flight_bytes: 100_000 };
let finish: () => void;
let held: Promise<void>;
let former: OtlpReceiver;
let next: OtlpReceiver;

function receiver(): OtlpReceiver {
  const config = receiverSchema.parse({ protocols: { http: { endpoint: '127.0.0.1:0', ...limits } } });
  const consume = async () => {
    await held;
    return issueReceipt('memory', 1);
  };
  return new OtlpReceiver(config, {
    ...{ id: 'otlp', observer, clock: systemClock, consumeTraces: consume, consumeLogs: undefined },
    ...{ authenticator: () => async () => new Map(), limiter: () => unlimited },
  });
}

beforeEach(async () => {
  held = new Promise((resolve) => {
    finish = resolve;
  });
  former = receiver();
  next = receiver();
  await former.start();
});

afterEach(async () => {
  finish();
  await next.stop(Date.now() + 100);
});

function post(port: number, bytes: number): Promise<Response> {
  const body = tracesJsonBody({ attributes: [{ key: 'k', value: { stringValue: 'x'.repeat(bytes) } }] });
  return fetch(`http://127.0.0.1:${port}/v1/traces`, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
}

test('bytes under way at the former one leave less room, until they are given back', async () => {
  const port = former.addresses().http?.port ?? 0;
  const underWay = post(port, 80_000);
  await until(() => former.heldBytes > 80_000);
  next.takeOver(former);
  await next.start();
  const stopped = former.stop(Date.now() + 10_000);
  expect((await post(port, 80_000)).status).toBe(429);
  finish();
  await Promise.all([underWay, stopped]);
  expect((await post(port, 80_000)).status).toBe(200);
});

test('connections that are open at the former one leave fewer to open', async () => {
  const port = former.addresses().http?.port ?? 0;
  const early = [await raw(port), await raw(port)];
  for (const { socket } of early) socket.write('POST /v1/traces HTTP/1.1\r\n');
  next.takeOver(former);
  await next.start();
  const stopped = former.stop(Date.now() + 2_000);
  const third = await raw(port);
  const fourth = await raw(port);
  await fourth.closed;
  for (const { socket } of [...early, third]) socket.destroy();
  await stopped;
});
