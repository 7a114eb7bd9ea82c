import { normalize, type Ranges } from './ranges.ts';

/** Last code point that has a case. */
const casedMax = 0x1e943;

function single(text: string, fallback: number): number {
  const codePoint = text.codePointAt(0) as number;
  return text.length === (codePoint > 0xffff ? 2 : 1) ? codePoint : fallback;
}

/** One code point that stands for all that differ from this one in case only, by the runtime's upper and lower case. */
function keyOf(codePoint: number): number {
  const upper = single(String.fromCodePoint(codePoint).toUpperCase(), codePoint);
  return single(String.fromCodePoint(upper).toLowerCase(), upper);
}

/** Whether the runtime's simple case folding takes them as one. Mapping up and down joins a few too many (the dotless i). */
function folds(one: number, other: number): boolean {
  return new RegExp(`^\\u{${one.toString(16)}}$`, 'iu').test(String.fromCodePoint(other));
}

function buildOrbits(): ReadonlyMap<number, readonly number[]> {
  const groups = new Map<number, number[]>();
  for (let codePoint = 0x41; codePoint <= casedMax; codePoint++) {
    const key = keyOf(codePoint);
    if (key === codePoint) continue;
    const group = groups.get(key);
    if (group) group.push(codePoint);
    else groups.set(key, [key, codePoint]);
  }
  const orbits = new Map<number, readonly number[]>();
  for (const [key, group] of groups) {
    const orbit = group.filter((member) => folds(key, member));
    if (orbit.length > 1) for (const member of orbit) orbits.set(member, orbit);
  }
  return orbits;
}

let orbits: ReadonlyMap<number, readonly number[]> | undefined;

/** A set with everything that differs from its members in case only (Unicode simple case folding). The table is built when first needed. */
export function withCases(ranges: Ranges): Ranges {
  orbits ??= buildOrbits();
  const pairs = [...ranges];
  for (let index = 0; index < ranges.length; index += 2) {
    const to = Math.min(ranges[index + 1] as number, casedMax);
    for (let codePoint = ranges[index] as number; codePoint <= to; codePoint++) {
      for (const member of orbits.get(codePoint) ?? []) pairs.push(member, member);
    }
  }
  return normalize(pairs);
}
