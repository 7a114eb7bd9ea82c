/**
 * Where a record is written before LMDB copies it. Records are written inside of transactions, one after the other on this thread, so one room serves all
 * of them. Read the record before the next one is asked for.
 */
const bytesMax = 4 * 2 ** 20;
const room = Buffer.allocUnsafeSlow(bytesMax);

/** Room for a record of that length; a larger one gets a room of its own. */
export function recordRoom(length: number): Buffer {
  return length <= bytesMax ? room.subarray(0, length) : Buffer.allocUnsafeSlow(length);
}
