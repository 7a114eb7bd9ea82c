/** Limits by tenant: the arithmetic with a clock of the test, the answers over real sockets. */
import grpc from '@grpc/grpc-js';
import fc from 'fast-check';
import { afterEach, expect, test } from 'vitest';
import { Bucket } from '../../src/extensions/rate-limiter/bucket.ts';
import { rateLimiter } from '../../src/extensions/rate-limiter/rate-limiter.ts';
import { Tenants } from '../../src/extensions/rate-limiter/tenants.ts';
import type { Limiter } from '../../src/model/component.ts';
import { Fault } from '../../src/model/fault.ts';
import { type RunningReceiver, startReceiver, tracesJsonBody } from '../receivers/running-receiver.ts';
import { call, grpcClient, post, protobufBody } from './clients.ts';

let receiver: RunningReceiver | undefined;
let nowMs = 1_767_225_600_000;
const now = (): number => nowMs;

afterEach(async () => {
  await receiver?.stop();
  receiver = undefined;
});

function limiter(settings: Record<string, unknown>): Limiter {
  return rateLimiter.create(rateLimiter.schema.parse(settings), {
    id: 'rate_limiter',
    observer: {} as never,
    clock: { now, sleep: async () => {} },
  });
}

async function start(settings: Record<string, unknown>): Promise<RunningReceiver> {
  const middlewares = [{ id: 'rate_limiter' }];
  const { allowanceOf } = limiter(settings);
  receiver = await startReceiver({ http: { middlewares }, grpc: { middlewares }, limiter: allowanceOf });
  return receiver;
}

const withTenant = (tenant: string): Record<string, string> => ({ 'x-tenant': tenant });

function metadata(tenant: string): grpc.Metadata {
  const made = new grpc.Metadata();
  made.set('x-tenant', tenant);
  return made;
}

test('over any time a bucket gives no more than its rate, its burst and one request', () => {
  const step = fc.record({ afterMs: fc.integer({ min: 0, max: 5_000 }), amount: fc.integer({ min: 0, max: 500 }) });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), fc.integer({ min: 1, max: 100 }), (steps, perSecond) => {
      const bucket = new Bucket(perSecond, 2_000, 0);
      let atMs = 0;
      let taken = 0;
      let largest = 0;
      for (const { afterMs, amount } of steps) {
        atMs += afterMs;
        const waitMs = bucket.take(amount, atMs);
        if (waitMs === 0) {
          taken += amount;
          largest = Math.max(largest, amount);
          continue;
        }
        expect(bucket.take(0, atMs + waitMs)).toBe(0);
        atMs += waitMs;
      }
      expect(taken).toBeLessThanOrEqual((perSecond * (atMs + 2_000)) / 1_000 + largest + 1);
    }),
  );
});

test('the noisy tenant gets 429 with the time to wait, over both protocols, and no other tenant notices', async () => {
  const running = await start({ key: 'metadata.x-tenant', requests_per_second: 1, burst: '3s' });
  const statuses: number[] = [];
  for (let count = 0; count < 5; count++) statuses.push((await post(running, undefined, withTenant('noisy'))).status);
  expect(statuses).toEqual([200, 200, 200, 429, 429]);
  const refused = await post(running, undefined, withTenant('noisy'));
  expect(refused.headers.get('retry-after')).toBe('1');
  expect(await refused.text()).toContain('RetryInfo');
  const client = grpcClient(running);
  const error = await call(client, undefined, metadata('noisy'));
  expect(error?.code).toBe(grpc.status.RESOURCE_EXHAUSTED);
  expect(`${error?.metadata.get('grpc-status-details-bin')[0]}`).toContain('google.rpc.RetryInfo');
  expect(await call(client, undefined, metadata('quiet'))).toBeUndefined();
  client.close();
  expect((await post(running, undefined, withTenant('quiet'))).status).toBe(200);
  nowMs += 1_000;
  expect((await post(running, undefined, withTenant('noisy'))).status).toBe(200);
});

test('bytes are those on the wire, and a request that announces them is refused before it sends them', async () => {
  const running = await start({ key: 'metadata.x-tenant', bytes_per_second: 1_000, burst: '1s' });
  const large = tracesJsonBody({ name: 'x'.repeat(5_000) });
  expect((await post(running, large, withTenant('a'))).status).toBe(200);
  const refused = await post(running, large, withTenant('a'));
  expect(refused.status).toBe(429);
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThanOrEqual(4);
  expect(running.batches).toHaveLength(1);
  const client = grpcClient(running);
  expect((await call(client, protobufBody(), metadata('a')))?.code).toBe(grpc.status.RESOURCE_EXHAUSTED);
  expect(await call(client, protobufBody(), metadata('b'))).toBeUndefined();
  client.close();
});

test('spans count when they are decoded', async () => {
  const running = await start({ key: 'metadata.x-tenant', spans_per_second: 1, burst: '1s' });
  expect((await post(running, undefined, withTenant('a'))).status).toBe(200);
  expect((await post(running, undefined, withTenant('a'))).status).toBe(429);
  expect((await post(running, undefined, withTenant('b'))).status).toBe(200);
});

test('a tenant is told apart by address, header, or what the authenticator found out', () => {
  const sender = { address: '192.0.2.1', metadata: new Map([['x-tenant', ['a']]]), auth: new Map([['tenant', 'acme']]) };
  for (const [key, other] of [
    ['client.address', { ...sender, address: '192.0.2.2' }],
    ['metadata.X-Tenant', { ...sender, metadata: new Map([['x-tenant', ['b']]]) }],
    ['auth.tenant', { ...sender, auth: new Map([['tenant', 'other']]) }],
  ] as const) {
    const { allowanceOf } = limiter({ key, requests_per_second: 1, burst: '1s' });
    allowanceOf(sender).spend('requests', 1);
    expect(() => allowanceOf(sender).spend('requests', 1)).toThrow(Fault);
    allowanceOf(other).spend('requests', 1);
  }
});

test('whoever makes up tenants gets one budget for all of them, and forgets nobody’s debt', () => {
  const tenants = new Tenants({ perSecond: new Map([['requests', 1]]), burstMs: 1_000 }, 3, now);
  for (const name of ['a', 'b', 'c']) tenants.budgetOf(name).spend('requests', 1);
  let passed = 0;
  for (let made = 0; made < 100; made++)
    try {
      tenants.budgetOf(`made-up-${made}`).spend('requests', 1);
      passed += 1;
    } catch (error) {
      expect(error).toMatchObject({ code: 'GW_RECEIVE_TOO_BUSY' });
    }
  expect(passed).toBe(1);
  expect(() => tenants.budgetOf('a').spend('requests', 1)).toThrow(Fault);
  expect(tenants.size).toBe(3);
  nowMs += 1_000;
  tenants.budgetOf('new').spend('requests', 1);
  expect(tenants.size).toBe(3);
});

test('settings that limit nothing are refused', () => {
  expect(rateLimiter.schema.safeParse({}).success).toBe(false);
  expect(rateLimiter.schema.safeParse({ key: 'body.tenant', requests_per_second: 1 }).success).toBe(false);
});
