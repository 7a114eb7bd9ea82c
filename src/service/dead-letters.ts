/** Opens the journals of a configuration for an operator, without running the gateway: it may run beside this, in another process. */
import type { ComponentConfig, ServiceConfig } from '../config/load.ts';
import { DeadLetterDesk } from '../exporters/langsmith/dead-letter-desk.ts';
import type { Settings } from '../exporters/langsmith/settings.ts';
import { durabilityOf, queueLimits } from '../exporters/otlp/queue-limits.ts';
import type { QueueSettings } from '../exporters/otlp/settings.ts';
import type { Journal, JournalOptions, Storage } from '../journal/journal.ts';
import type { Clock } from '../model/clock.ts';
import type { Extension } from '../model/component.ts';
import { silentDeps } from './dry-run.ts';
import type { ExtensionFactory } from './factories.ts';

/** Calls `work` with the desk of each exporter whose journal outlives its process, and closes all of them again. */
export async function withDeadLetters(
  config: ServiceConfig,
  clock: Clock,
  work: (exporter: string, desk: DeadLetterDesk) => Promise<void>,
): Promise<void> {
  for (const [id, component] of config.exporters) {
    const { storageId, durability, bytesMax } = queueOf(component);
    const extension = config.extensions.get(storageId);
    if (!extension || durability === 'memory') continue;
    const storage = created(extension, { ...silentDeps(clock), id: storageId });
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

/** The journal of an exporter; one without has no storage's name. */
function queueOf({ factory, config }: ComponentConfig): JournalOptions & { readonly storageId: string } {
  switch (factory.type) {
    case 'langsmith': {
      const { storage: storageId, durability, queue_size: bytesMax } = (config as Settings).sending_queue;
      return { storageId, durability, bytesMax };
    }
    case 'otlp_http':
    case 'otlp_grpc': {
      const { sending_queue: queue } = config as QueueSettings;
      const storageId = queue.enabled ? (queue.storage ?? '') : '';
      return { storageId, durability: durabilityOf(queue), bytesMax: queueLimits(queue).bytesMax };
    }
    default:
      return { storageId: '', durability: 'memory', bytesMax: 0 };
  }
}

function created({ factory, config }: ComponentConfig, deps: Parameters<ExtensionFactory['create']>[1]): Extension & Storage {
  return (factory as unknown as ExtensionFactory).create(config, deps) as Extension & Storage;
}
