import { afterEach, expect, test } from 'vitest';
import { type RunningReceiver, startReceiver } from '../receivers/running-receiver.ts';
import { until } from '../security/clients.ts';
import { fuzzMs, seeded } from './budget.ts';
import { fuzzFraming } from './framing-fuzz.ts';

let receiver: RunningReceiver;

afterEach(() => receiver.stop());

test('damaged HTTP/1.1 and HTTP/2 conversations end, give back what they held, and harm no valid request', async () => {
  receiver = await startReceiver({ http: { body_idle_timeout: '1s' }, grpc: { body_idle_timeout: '1s' } });
  expect(await fuzzFraming(receiver, seeded(4), fuzzMs)).toBeGreaterThan(10);
  await until(() => receiver.heldBytes() === 0);
  expect(receiver.lines.filter((line) => line.startsWith('error'))).toEqual([]);
});
