import { randomBytes } from 'node:crypto';
import type { Storage } from '../../journal/journal.ts';
import { Fault } from '../../model/fault.ts';
import { Secret } from '../../model/secret.ts';
import { makeKeyFile, readKeyFile } from './key-file.ts';

/**
 * The configured keys, then the one of the file beside the journal, which is made if there is no other. A journal in memory ends with the process, so
 * a key of the process will do. Throws `GW_CONFIG_INVALID` where replicas share a journal and no key is configured.
 */
export function sealingKeys(configured: readonly Secret[], storage: Storage, inMemory: boolean): readonly Secret[] {
  const { directory } = storage;
  if (directory !== undefined) {
    const ofFile = readKeyFile(directory) ?? (configured.length === 0 ? makeKeyFile(directory) : undefined);
    return ofFile ? [...configured, ofFile] : configured;
  }
  if (configured.length > 0) return configured;
  if (inMemory) return [new Secret(randomBytes(32).toString('hex'))];
  throw new Fault('GW_CONFIG_INVALID', 'cannot seal the API keys of tenants: no sealing key is configured', {
    hint: 'set key_sealing::key to the same text on every replica, best from an environment variable',
  });
}
