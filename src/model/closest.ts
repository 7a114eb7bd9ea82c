/** Edits between two names (insert, delete, replace, swap of neighbours); `limit + 1` stands for all that are further apart. */
function distance(one: string, other: string, limit: number): number {
  if (Math.abs(one.length - other.length) > limit) return limit + 1;
  let beforeLast: number[] = [];
  let last = Array.from({ length: other.length + 1 }, (_, column) => column);
  for (let row = 1; row <= one.length; row++) {
    const current = [row];
    for (let column = 1; column <= other.length; column++) {
      const same = one[row - 1] === other[column - 1];
      let least = Math.min(
        (last[column] as number) + 1,
        (current[column - 1] as number) + 1,
        (last[column - 1] as number) + (same ? 0 : 1),
      );
      const swapped = row > 1 && column > 1 && one[row - 1] === other[column - 2] && one[row - 2] === other[column - 1];
      if (swapped) least = Math.min(least, (beforeLast[column - 2] as number) + 1);
      current.push(least);
    }
    beforeLast = last;
    last = current;
  }
  return last[other.length] as number;
}

/** Longest name that is looked up; longer ones are no slip of the finger. */
const nameCharactersMax = 64;
/** Names that it is compared with: this is a courtesy and must cost nothing. */
const namesMax = 200;

/** `did you mean "otlp"?`, if a known name is close enough to have been meant. */
export function didYouMean(name: string, known: Iterable<string>): string | undefined {
  if (name.length > nameCharactersMax) return undefined;
  const plain = name.toLowerCase().replaceAll('-', '_');
  let best: string | undefined;
  let limit = Math.max(1, Math.floor(name.length / 3));
  let compared = 0;
  for (const candidate of known) {
    if (++compared > namesMax) break;
    const edits = distance(plain, candidate.toLowerCase(), limit);
    if (edits > limit || (best !== undefined && edits === limit)) continue;
    best = candidate;
    limit = edits;
  }
  return best === undefined ? undefined : `did you mean "${best}"?`;
}
