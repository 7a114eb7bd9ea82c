/** What a scan finds, before overlaps are settled. `rank` is the detector's place in the table: the lower, the more specific. */
export interface Find {
  start: number;
  end: number;
  readonly detector: string;
  readonly rank: number;
}

/** Overlapping finds become their union under the name of the longest, or of the most specific where lengths are equal. */
export function mergeFinds(finds: Find[]): readonly Find[] {
  if (finds.length < 2) return finds;
  finds.sort((one, other) => one.start - other.start || other.end - one.end || one.rank - other.rank);
  const merged: Find[] = [];
  let longest = 0;
  for (const find of finds) {
    const last = merged.at(-1);
    const length = find.end - find.start;
    if (last === undefined || find.start >= last.end) {
      merged.push(find);
      longest = length;
      continue;
    }
    const named = length > longest || (length === longest && find.rank < last.rank) ? find : last;
    longest = Math.max(longest, length);
    merged[merged.length - 1] = { start: last.start, end: Math.max(last.end, find.end), detector: named.detector, rank: named.rank };
  }
  return merged;
}
