import { parseBytes } from '../../config/fields.ts';
import type { Durability } from '../../model/receipt.ts';
import type { RetryConfig } from '../retry/backoff.ts';
import type { QueueSettings } from './settings.ts';

export interface QueueLimits {
  readonly bytesMax: number;
  /** Spans and log records; infinite if the size is not counted in them. */
  readonly itemsMax: number;
  readonly requestsMax: number;
}

const bytesMaxDefault = 2 ** 30;
const memoryElapsedMs = 300_000;

/** `queue_size` in the unit that it is meant in. Bytes are always limited. */
export function queueLimits({ queue_size: size, sizer }: QueueSettings['sending_queue']): QueueLimits {
  const limits = { bytesMax: bytesMaxDefault, itemsMax: Number.POSITIVE_INFINITY, requestsMax: Number.POSITIVE_INFINITY };
  const amount = typeof size === 'number' ? size : (parseBytes(size) as number);
  switch (sizer ?? (typeof size === 'number' ? 'requests' : 'bytes')) {
    case 'bytes':
      return { ...limits, bytesMax: amount };
    case 'items':
      return { ...limits, itemsMax: amount };
    case 'requests':
      return { ...limits, requestsMax: amount };
  }
}

/** The weakest durable level that a storage gives, unless another is declared. */
export function durabilityOf({ storage, durability }: QueueSettings['sending_queue']): Durability {
  if (durability !== undefined) return durability;
  const [type] = (storage ?? 'memory_storage').split('/', 1);
  if (type === 'memory_storage') return 'memory';
  return type === 'redis_storage' ? 'redis' : 'disk';
}

/** The Collector gives up after 5 minutes even with a storage; here what a storage keeps is tried for as long as it takes. */
export function retryConfig({ retry_on_failure: retry, sending_queue: { storage } }: QueueSettings): RetryConfig {
  return {
    initialIntervalMs: retry.initial_interval,
    multiplier: retry.multiplier,
    maxIntervalMs: retry.max_interval,
    randomizationFactor: retry.randomization_factor,
    maxElapsedMs: retry.max_elapsed_time ?? (storage === undefined ? memoryElapsedMs : 0),
  };
}
