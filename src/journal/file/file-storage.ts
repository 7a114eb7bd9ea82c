/** The `file_storage` extension, with the Collector's fields (contrib `extension/storage/filestorage`) and our own `max_size`. */
import { z } from 'zod';
import { byteSize, duration } from '../../config/fields.ts';
import type { Deps, Extension, Factory } from '../../model/component.ts';
import { Fault } from '../../model/fault.ts';
import type { Storage } from '../journal.ts';
import type { Environment } from './environment.ts';
import { examineDirectory } from './examine.ts';
import { FileStorage, sizeMaxDefault } from './storage.ts';

const schema = z.strictObject({
  directory: z
    .string()
    .min(1)
    .default('.spanway/journal')
    .meta({ description: 'Where the journal is kept. Processes of one machine may share it.' }),
  create_directory: z.boolean().default(true).meta({ description: 'Make the directory if it is missing.' }),
  directory_permissions: z
    .string()
    .regex(/^0?[0-7]{3}$/, { error: 'expected octal permissions such as "0750"' })
    .default('0750')
    .meta({ description: 'Permissions of a directory that is made.' }),
  timeout: duration.default(5_000).meta({ description: 'How long a write waits for another process that holds the write lock.' }),
  fsync: z.boolean().default(true).meta({ description: 'Sync each group of writes. Durability "disk" needs it.' }),
  max_size: byteSize.default(sizeMaxDefault).meta({ description: 'How large data.mdb may grow. Address space is reserved, disk is not.' }),
});

type Config = z.output<typeof schema>;

export const fileStorage: Factory<'extension', (config: unknown, deps: Deps) => Extension & Storage> = {
  kind: 'extension',
  type: 'file_storage',
  aliases: [],
  summary: 'Keeps journals in a directory: durable, shared by the processes of one machine.',
  signals: [],
  stability: 'beta',
  schema,
  create: (config, deps) => extension(config as Config, deps),
};

function extension(config: Config, { id, observer, clock }: Deps): Extension & Storage {
  const storage = new FileStorage({
    directory: config.directory,
    createDirectory: config.create_directory,
    directoryPermissions: Number.parseInt(config.directory_permissions, 8),
    lockWaitMs: config.timeout,
    fsync: config.fsync,
    sizeMax: config.max_size,
    clock,
    report(error) {
      if (error === undefined) observer.healthy(id);
      else observer.degraded(id, Fault.of(error).message);
    },
  });
  let environment: Environment | undefined;
  return {
    directory: config.directory,
    open: (name, options) => storage.open(name, options),
    examine: ({ bytesMax }) => examineDirectory(config.directory, config.create_directory, bytesMax),
    async start() {
      environment = await storage.openEnvironment();
    },
    async stop() {
      await environment?.close();
      environment = undefined;
    },
  };
}
