import { Fault } from '../../model/fault.ts';

const remedies: readonly (readonly [RegExp, string, string])[] = [
  [/ENOSPC|No space left/i, 'the disk is full', 'free space on the disk of file_storage::directory; the journal goes on by itself'],
  [/EDQUOT|quota/i, 'the disk quota is used up', 'raise the quota for file_storage::directory; the journal goes on by itself'],
  [/EFBIG|File too large/i, 'the file may not grow any more', 'raise the limit of file sizes (ulimit -f); the journal goes on by itself'],
  [/MAP_FULL|mapsize/i, 'the store has reached file_storage::max_size', 'raise file_storage::max_size, or deliver what waits'],
  [/EROFS|Read-only/i, 'the file system is read-only', 'mount it writable or choose another file_storage::directory'],
  [
    /EACCES|EPERM|denied|not permitted/i,
    'permission denied',
    'give the user of the process read and write access to file_storage::directory',
  ],
  // LMDB says EIO for any write that was taken in part only, and that is how a disk gets full.
  [
    /EIO|Input\/output/i,
    'the disk is full or reports an error',
    'free space on the disk of file_storage::directory, or look into the kernel log if there is enough; the journal goes on by itself',
  ],
];

/** What the system said, as a sentence with a remedy. */
export function unavailable(verb: string, cause: unknown): Fault {
  const text = cause instanceof Error ? `${(cause as NodeJS.ErrnoException).code ?? ''} ${cause.message}` : String(cause);
  const [, reason, hint] = remedies.find(([pattern]) => pattern.test(text)) ?? [undefined, text.trim(), undefined];
  return new Fault('GW_JOURNAL_UNAVAILABLE', `cannot ${verb} the journal: ${reason}`, {
    ...(hint && { hint }),
    cause,
    retryAfterMs: 1_000,
  });
}
