import { Fault } from '../../model/fault.ts';

const remedies: readonly (readonly [RegExp, string, string | undefined])[] = [
  [/ECONNREFUSED/, 'nothing listens at its address', 'start Redis, or correct redis_storage::endpoint'],
  [/ENOTFOUND|EAI_AGAIN/, 'its name cannot be resolved', 'correct redis_storage::endpoint'],
  [/WRONGPASS|NOAUTH|invalid username-password/i, 'it refuses the user name or password', 'correct redis_storage::username and ::password'],
  [
    /NOPERM|executing the script can't/,
    'its user may not do that',
    'allow +@connection +@read +@write +@scripting +time +info +wait +waitaof +config|get +cluster|slots on the keys ~{<prefix>:*',
  ],
  [/MISCONF/, 'it cannot write to its disk', 'free space on the disk of Redis; the journal goes on by itself'],
  [/READONLY/, 'it is a replica', 'let redis_storage::endpoint lead to the master, or use Sentinel'],
  [/LOADING/, 'it is loading its data', undefined],
  [/CLUSTERDOWN|no node serves/, 'a part of the cluster is down', undefined],
  [/certificate|self-signed|ERR_TLS|ERR_SSL|wrong version number/i, 'the TLS connection fails', 'look into redis_storage::tls'],
  [/timed? ?out|Timeout|ETIMEDOUT/i, 'it does not answer in time', undefined],
  [/Connection is closed|isn't writeable|ECONNRESET|EPIPE|aborted|isn't ready/, 'the connection is lost', undefined],
];

/** What Redis or the system said, as a sentence with a remedy. The words of the server are its own, not the data's. */
export function unavailable(verb: string, cause: unknown): Fault {
  if (cause instanceof Fault) return cause;
  const text = cause instanceof Error ? `${(cause as NodeJS.ErrnoException).code ?? ''} ${cause.message}` : String(cause);
  const [, reason, hint] = remedies.find(([pattern]) => pattern.test(text)) ?? [undefined, text.trim().split('\n')[0] as string, undefined];
  // The error itself stays out: it holds the command, and that holds payload or a password.
  return new Fault('GW_JOURNAL_UNAVAILABLE', `cannot ${verb} Redis: ${reason}`, {
    ...(hint && { hint }),
    cause: new Error(text),
    retryAfterMs: 1_000,
  });
}

export function isOutOfMemory(error: Error): boolean {
  return error.message.startsWith('OOM') || error.message.includes("> 'maxmemory'");
}
