/** Edits between two names: insert, delete, replace. */
function distance(one: string, other: string): number {
  let last = Array.from({ length: other.length + 1 }, (_, column) => column);
  for (let row = 1; row <= one.length; row++) {
    const current = [row];
    for (let column = 1; column <= other.length; column++) {
      const replaced = (last[column - 1] as number) + (one[row - 1] === other[column - 1] ? 0 : 1);
      current.push(Math.min((last[column] as number) + 1, (current[column - 1] as number) + 1, replaced));
    }
    last = current;
  }
  return last[other.length] as number;
}

const nameLengthMax = 64;

/** `did you mean "IsMatch"?`, if one of the known names is close enough to have been meant. */
export function didYouMean(name: string, known: Iterable<string>): string | undefined {
  if (name.length > nameLengthMax) return undefined;
  let best: string | undefined;
  let least = Math.max(1, Math.floor(name.length / 3)) + 1;
  for (const candidate of known) {
    const edits = distance(name.toLowerCase(), candidate.toLowerCase());
    if (edits >= least) continue;
    best = candidate;
    least = edits;
  }
  return best === undefined ? undefined : `did you mean "${best}"?`;
}
