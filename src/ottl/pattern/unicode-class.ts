import { anything, normalize, type Ranges } from './ranges.ts';

/** Planes that hold anything: the others are unassigned, and no class of RE2's has unassigned code points. */
const planes = [0, 1, 2, 3, 14, 15, 16];
const cacheMax = 64;
const cache = new Map<string, Ranges>();

/** The runtime's own tables, read out by running a pattern over a text of all code points. */
function rangesOf(property: string): Ranges {
  const shape = new RegExp(`[${property}]+`, 'gu');
  const pairs: number[] = [];
  for (const plane of planes) {
    const codePoints: string[] = [];
    // Surrogates stand in the text only one by one: two in a row would be read as a pair.
    for (let low = 0; low <= 0xffff; low++) {
      const codePoint = plane * 0x10000 + low;
      if (codePoint < 0xd800 || codePoint > 0xdfff) codePoints.push(String.fromCodePoint(codePoint));
    }
    for (const [run] of codePoints.join('').matchAll(shape)) {
      let from = -1;
      let to = -2;
      for (const character of run) {
        const codePoint = character.codePointAt(0) as number;
        if (codePoint !== to + 1) {
          if (from >= 0) pairs.push(from, to);
          from = codePoint;
        }
        to = codePoint;
      }
      pairs.push(from, to);
    }
  }
  return normalize(pairs);
}

/** JavaScript's words for a general category or a script of RE2's; `undefined` if it has none. */
function property(name: string): string | undefined {
  if (name === 'C') return '\\p{Cc}\\p{Cf}\\p{Co}';
  if (/^[LMNPSZ][a-z]?$|^C[cfo]$/.test(name)) return `\\p{${name}}`;
  return /^[A-Z][A-Za-z_]+$/.test(name) && name !== 'Cn' ? `\\p{Script=${name}}` : undefined;
}

/** The code points of `\p{name}`, or `undefined` if RE2 has no such class. */
export function unicodeClass(name: string): Ranges | undefined {
  if (name === 'Any') return anything;
  if (name === 'Cs') return [0xd800, 0xdfff];
  const known = cache.get(name);
  if (known) return known;
  const words = property(name);
  if (words === undefined) return undefined;
  try {
    const ranges = name === 'C' ? normalize([...rangesOf(words), 0xd800, 0xdfff]) : rangesOf(words);
    if (cache.size < cacheMax) cache.set(name, ranges);
    return ranges;
  } catch {
    // The runtime knows no such property.
    return undefined;
  }
}
