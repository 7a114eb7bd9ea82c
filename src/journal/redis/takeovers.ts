/**
 * Entries that end their owners, found by how their owners end.
 *
 * Each owner that takes a partition over is counted until one has read the inbox to its end, or gave the partition back. From the fifth one
 * on, reading is careful: one entry at a time, and its id is noted before it is given. An entry that was the last one given to two owners
 * is poison: its bytes are kept under `poison`, and it is given without its payload, so that the owner makes a dead letter of it.
 *
 *   eager ──inbox read to its end──► plain          careful ──inbox read to its end──► plain
 *
 * Six crashes in a row name the entry; up to four cost nothing.
 *
 * Stored: hash   owners: how many · last: stream id · times: how many owners it ended · poison:<stream id>: 1
 */
export type Manner = 'plain' | 'eager' | 'careful';

export interface Takeover {
  readonly manner: Manner;
  /** Stream ids of the entries that are given without their payload. */
  readonly poison: ReadonlySet<string>;
}

/** How often an entry may be the last one that was given. */
export const lastTimesMax = 2;
const carefulFrom = 5;

export function takeover(owners: number, poison: readonly string[]): Takeover {
  return { manner: owners >= carefulFrom ? 'careful' : 'eager', poison: new Set(poison) };
}
