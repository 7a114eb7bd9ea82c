import { copyFileSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { FileStorage } from '../../src/journal/file/storage.ts';

/**
 * Copies the storage's directory as a crash would leave it at some moment, while appends are under way. Returns what `moment` gives, which is called before.
 *
 * The copy is made inside of a transaction: LMDB's file stays as the last commit left it, since nobody else can commit, and none of the segments that it
 * knows can go or be used again, since that comes after a commit. What the segments hold is copied later than LMDB's file and may be newer: they only
 * grow. A file may get another name meanwhile (a spare one becomes that of a new segment, which LMDB's file knows already), so the names are read again
 * until none is new.
 */
export async function crashImage<Result>(storage: FileStorage, from: string, to: string, moment: () => Result): Promise<Result> {
  const environment = await storage.openEnvironment();
  try {
    return await environment.transactions.run(0, () => {
      const result = moment();
      mkdirSync(to);
      copyFileSync(join(from, 'data.mdb'), join(to, 'data.mdb'));
      copySegments(from, to);
      return result;
    });
  } finally {
    await environment.close();
  }
}

function copySegments(from: string, to: string): void {
  const done = new Set<string>();
  const missing = (): string[] => readdirSync(from).filter((name) => name.endsWith('.entries') && !done.has(name));
  for (let names = missing(); names.length > 0; names = missing()) {
    for (const name of names) {
      try {
        copyFileSync(join(from, name), join(to, name));
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
      }
      done.add(name);
    }
  }
}
