/** Who may connect to what nobody configured: this machine, and in the image, whose environment says so, everybody. */
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { formatProblem, loadConfig } from '../../src/config/load.ts';
import { factories } from '../../src/service/components.ts';

const bare = {
  receivers: { otlp: { protocols: { grpc: null, http: null } } },
  exporters: { nop: {} },
  extensions: { health_check: {} },
  service: { extensions: ['health_check'], pipelines: { traces: { receivers: ['otlp'], exporters: ['nop'] } } },
};

/** Every address that the configuration would listen on. */
async function addresses(uri: string, env: Record<string, string> = {}): Promise<string[]> {
  const loaded = await loadConfig({ uris: [uri], sets: [], env, factories });
  if (!loaded.ok) throw new Error(loaded.problems.map(formatProblem).join('\n'));
  const { receivers, extensions, service } = loaded.config;
  const found: string[] = [];
  const walk = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    for (const [key, one] of Object.entries(value))
      if (key === 'endpoint' && typeof one === 'string') found.push(one);
      else walk(one);
  };
  for (const { config } of [...receivers.values(), ...extensions.values()]) walk(config);
  const { prometheus } = service.telemetry.metrics;
  if (prometheus) found.push(`${prometheus.host}:${prometheus.port}`);
  return found;
}

const shipped = join(import.meta.dirname, '..', '..', 'config', 'default.yaml');

test('what is not configured listens on this machine only', async () => {
  const found = await addresses(`yaml:${JSON.stringify(bare)}`);
  expect(found).toHaveLength(4);
  expect(found.every((address) => address.startsWith('localhost:'))).toBe(true);
});

test('no port of the configuration that is shipped lies where the system takes the ports of outgoing connections', async () => {
  for (const address of await addresses(shipped)) expect(Number(address.split(':').at(-1))).toBeLessThan(32_768);
});

test('the configuration that is shipped listens on this machine, and where SPANWAY_HOST says', async () => {
  const local = await addresses(shipped);
  expect(local.length).toBeGreaterThanOrEqual(4);
  expect(local.every((address) => address.startsWith('localhost:'))).toBe(true);
  const everywhere = await addresses(shipped, { SPANWAY_HOST: '0.0.0.0' });
  expect(everywhere.filter((address) => address.startsWith('0.0.0.0:'))).toHaveLength(4);
});
