/** The `redis_storage` extension. */
import type { Deps, Extension, Factory } from '../../model/component.ts';
import { Fault } from '../../model/fault.ts';
import type { Storage } from '../journal.ts';
import { addressOf, type Settings, schema } from './settings.ts';
import { RedisStorage } from './storage.ts';

export const redisStorage: Factory<'extension', (config: unknown, deps: Deps) => Extension & Storage> = {
  kind: 'extension',
  type: 'redis_storage',
  aliases: [],
  summary: 'Keeps journals in Redis or Valkey: durable as declared, shared by any number of replicas.',
  signals: [],
  stability: 'beta',
  schema,
  create: (config, deps) => extension(config as Settings, deps),
};

function extension(settings: Settings, { id, observer, clock }: Deps): Extension & Storage {
  const storage = new RedisStorage({
    address: addressOf(settings),
    prefix: settings.prefix,
    persistence: settings.persistence,
    memoryShareMax: settings.max_memory_percentage / 100,
    dialTimeoutMs: settings.dial_timeout,
    commandTimeoutMs: settings.command_timeout,
    leaseMs: settings.lease.ttl,
    clock,
    ...(settings.instance_id !== undefined && { instanceId: settings.instance_id }),
    report(error) {
      if (error === undefined) observer.healthy(id);
      else observer.degraded(id, Fault.of(error).message);
    },
    missing(bytes, partitions) {
      observer.log('error', 'Redis came back without data that it had acknowledged.', { component: id, bytes, partitions });
    },
  });
  return {
    open: (name, options) => storage.open(name, options),
    examine: (options) => storage.examine(options),
    start: () => storage.check(),
    stop: async () => {},
  };
}
