import { gatewayConfig } from '../e2e/harness.ts';
import type { RedisServer } from '../journal/redis-server.ts';

export interface RedisConfigOptions {
  readonly sinkUrl: string;
  readonly redis: RedisServer;
  /** Settings of `redis_storage`. */
  readonly storage?: object;
  readonly telemetry?: object;
  readonly queue?: object;
  /** Extensions beside `redis_storage`. */
  readonly extensions?: Readonly<Record<string, object>>;
  /** More settings of `service`. */
  readonly service?: object;
}

/** A gateway with its journal in Redis, acknowledging what is synced. */
export function redisConfig({ sinkUrl, redis, storage, telemetry, queue, extensions = {}, service }: RedisConfigOptions): object {
  const exporter = { sending_queue: { storage: 'redis_storage', durability: 'redis_fsync', ...queue } };
  const document = gatewayConfig({ sinkUrl, exporter }) as { readonly service: object };
  return {
    ...document,
    extensions: { ...extensions, redis_storage: { url: `redis://127.0.0.1:${redis.port}`, ...storage } },
    service: {
      ...document.service,
      ...service,
      extensions: ['redis_storage', ...Object.keys(extensions)],
      telemetry: { metrics: { level: 'none' }, ...telemetry },
    },
  };
}
