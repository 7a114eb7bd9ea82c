import { open } from 'lmdb';

/** The database of the journal `shared` in a directory, past all that the journal does. */
export function openRaw(directory: string) {
  const environment = open<Buffer, Buffer>({
    path: directory,
    noSubdir: false,
    encoding: 'binary',
    keyEncoding: 'binary',
    overlappingSync: false,
  });
  const store = environment.openDB<Buffer, Buffer>({ name: 'shared', encoding: 'binary', keyEncoding: 'binary' });
  return { environment, store };
}
