/**
 * The version of a journal's layout, and what was fixed when it was made. A program reads its own format and the one before, so that two
 * versions may share a store during a rolling update; it refuses newer ones.
 */
import { Fault } from '../../model/fault.ts';
import type { Environment, Store } from './environment.ts';
import { formatKey } from './layout.ts';

interface Format {
  readonly format: number;
  readonly partitions: number;
  /** RFC 3339. */
  readonly created: string;
}

const format = 1;
const formatOldest = 1;
const partitionsDefault = 8;
const partitionsMax = 4_096;

/** The journal's format; made with so many partitions if the journal is new. */
export async function formatOf(name: string, environment: Environment, store: Store, partitions = partitionsDefault): Promise<Format> {
  const wanted = Math.min(Math.max(1, partitions), partitionsMax);
  store.resetReadTxn();
  const stored = store.getBinary(formatKey) ?? (await create(environment, store, wanted));
  const found = parse(stored);
  if (!found || found.format < formatOldest) {
    throw new Fault('GW_JOURNAL_CORRUPT', `cannot open journal "${name}": its format record is damaged or too old`, {
      hint: 'move file_storage::directory away to keep it for a rescue, and start again with an empty one',
    });
  }
  if (found.format > format) {
    throw new Fault(
      'GW_JOURNAL_UNAVAILABLE',
      `cannot open journal "${name}": it has format ${found.format}, this version reads up to ${format}`,
      {
        hint: 'start the version of Spanway that wrote it, or let that one deliver everything first',
      },
    );
  }
  return found;
}

/** Of several processes that start at once, the first one decides. */
function create(environment: Environment, store: Store, partitions: number): Promise<Buffer> {
  return environment.transactions.run(1_024, () => {
    const existing = store.getBinary(formatKey);
    if (existing) return existing;
    const record = Buffer.from(JSON.stringify({ format, partitions, created: new Date().toISOString() } satisfies Format));
    store.putSync(formatKey, record);
    return record;
  });
}

function parse(record: Buffer): Format | undefined {
  try {
    const found = JSON.parse(record.toString()) as Partial<Format>;
    if (!Number.isInteger(found.format) || !Number.isInteger(found.partitions)) return undefined;
    return found as Format;
  } catch {
    return undefined;
  }
}
