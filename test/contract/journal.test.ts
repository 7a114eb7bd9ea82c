import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FileStorage } from '../../src/journal/file/storage.ts';
import { MemoryStorage } from '../../src/journal/memory/memory-storage.ts';
import { journalContract } from './journal-contract.ts';

journalContract('memory', async () => {
  const storage = new MemoryStorage();
  return { durability: 'memory', replica: (options) => storage.replica(options), close: async () => {} };
});

journalContract('file', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'spanway-journal-'));
  return {
    durability: 'disk',
    replica: (options) => new FileStorage({ directory, ...options }),
    close: () => rm(directory, { recursive: true }),
  };
});
