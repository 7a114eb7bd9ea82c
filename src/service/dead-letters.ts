/** Opens the journals of a configuration for an operator, without running the gateway: it may run beside this, in another process. */
import type { ComponentConfig, ServiceConfig } from '../config/load.ts';
import { DeadLetterDesk } from '../exporters/langsmith/dead-letter-desk.ts';
import type { Settings } from '../exporters/langsmith/settings.ts';
import type { Journal, Storage } from '../journal/journal.ts';
import type { Clock } from '../model/clock.ts';
import type { Extension } from '../model/component.ts';
import type { ExtensionFactory } from './factories.ts';
import { Metrics } from './telemetry/metrics.ts';
import { Telemetry } from './telemetry/telemetry.ts';

/** Calls `work` with the desk of each exporter whose journal outlives its process, and closes all of them again. */
export async function withDeadLetters(
  config: ServiceConfig,
  clock: Clock,
  work: (exporter: string, desk: DeadLetterDesk) => Promise<void>,
): Promise<void> {
  const observer = new Telemetry(new Metrics(clock.now(), clock.now), () => {}, clock.now);
  for (const [id, component] of config.exporters) {
    if (component.type !== 'langsmith') continue;
    const { storage: storageId, durability, queue_size: bytesMax } = (component.config as Settings).sending_queue;
    const extension = config.extensions.get(storageId);
    if (!extension || durability === 'memory') continue;
    const storage = created(extension, {
      id: storageId,
      observer,
      clock,
      health: () => ({ ready: false, state: 'stopped', upSinceMs: 0, degraded: new Map() }),
    });
    await storage.start();
    let journal: Journal | undefined;
    try {
      journal = await storage.open(id, { durability, bytesMax });
      await work(id, new DeadLetterDesk(journal));
    } finally {
      await journal?.close();
      await storage.stop(clock.now());
    }
  }
}

function created({ factory, config }: ComponentConfig, deps: Parameters<ExtensionFactory['create']>[1]): Extension & Storage {
  return (factory as unknown as ExtensionFactory).create(config, deps) as Extension & Storage;
}
