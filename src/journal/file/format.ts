/** The format record of a journal in a directory. */
import { checkFormat, type FormatRecord, type Formats, formats, newFormatRecord } from '../format.ts';
import type { Environment, Store } from './environment.ts';
import { formatKey } from './layout.ts';

const partitionsDefault = 8;
const rescue = 'move file_storage::directory away to keep it for a rescue, and start again with an empty one';

/** What the journal was made with; made with so many partitions if it is new. Faults as `checkFormat`. */
export async function openFormat(
  name: string,
  environment: Environment,
  store: Store,
  partitions = partitionsDefault,
  readable: Formats = formats,
): Promise<FormatRecord> {
  store.resetReadTxn();
  const stored = store.getBinary(formatKey) ?? (await create(environment, store, newFormatRecord(partitions, readable)));
  return checkFormat(name, parse(stored), readable, rescue);
}

/** Of several processes that start at once, the first one decides. */
function create(environment: Environment, store: Store, made: FormatRecord): Promise<Buffer> {
  return environment.transactions.run(1_024, () => {
    const existing = store.getBinary(formatKey);
    if (existing) return existing;
    const record = Buffer.from(JSON.stringify(made));
    store.putSync(formatKey, record);
    return record;
  });
}

function parse(record: Buffer): Partial<FormatRecord> | undefined {
  try {
    return JSON.parse(record.toString()) as Partial<FormatRecord>;
  } catch {
    return undefined;
  }
}
