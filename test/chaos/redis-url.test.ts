/** `REDIS_URL` and nothing else: `config/default.yaml` keeps its journal in Redis. */
import { expect, test } from 'vitest';
import { read } from '../../src/commands/load.ts';

const options = { config: ['config/default.yaml'], set: [] };

async function chosen(env: Record<string, string>): Promise<object> {
  const loaded = await read(options, env);
  if (!loaded.ok) throw new Error(loaded.problems.map(({ sentence }) => sentence).join('\n'));
  expect(loaded.warnings).toEqual([]);
  const exporter = loaded.config.exporters.get('langsmith')?.config as { readonly sending_queue: Record<string, unknown> } | undefined;
  const { storage, durability } = exporter?.sending_queue ?? {};
  return { runs: loaded.config.service.extensions, storage, durability };
}

test('without REDIS_URL the journal is on disk', async () => {
  expect(await chosen({})).toEqual({ runs: ['health_check', 'admin', 'file_storage'], storage: 'file_storage', durability: 'disk' });
});

test('with REDIS_URL it is in Redis', async () => {
  const inRedis = { runs: ['health_check', 'admin', 'redis_storage'], storage: 'redis_storage', durability: 'redis' };
  expect(await chosen({ REDIS_URL: 'redis://cache:6379' })).toEqual(inRedis);
});

test('the durability can be raised, and REDIS_URL overruled', async () => {
  const env = { REDIS_URL: 'redis://cache:6379' };
  expect(await chosen({ ...env, SPANWAY_DURABILITY: 'redis_fsync' })).toMatchObject({ durability: 'redis_fsync' });
  expect(await chosen({ ...env, SPANWAY_STORAGE: 'file_storage', SPANWAY_DURABILITY: 'disk' })).toMatchObject({ storage: 'file_storage' });
});
