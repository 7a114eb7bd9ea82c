import { OttlError } from '../../fault.ts';

/** One step of a glob: a run of anything, any one character, a set, or the character itself. */
type Step =
  | { readonly kind: 'run' }
  | { readonly kind: 'any' }
  | { readonly kind: 'one'; readonly character: string }
  | { readonly kind: 'set'; readonly negated: boolean; readonly ranges: readonly (readonly [from: number, to: number])[] };

export interface Glob {
  matches(text: string): boolean;
}

const alternativesMax = 256;

/**
 * A glob over a whole text: `*` any run of characters, `?` one character, `[a-z]`, `[!a]` or `[^a]` a set, `{one,two}` alternatives, `\` escapes.
 * A run crosses `/`: the Collector's library is used without separators. Matching takes time proportional to text times glob at worst.
 */
export function compileGlob(glob: string): Glob {
  const programs = alternatives(glob).map(parseSteps);
  return {
    matches: (text) => {
      const characters = [...text];
      return programs.some((steps) => run(steps, characters));
    },
  };
}

/** The globs without braces that a glob stands for. */
function alternatives(glob: string): readonly string[] {
  const open = positionOf(glob, 0, '{');
  if (open < 0) return [glob];
  const parts: string[] = [];
  let depth = 0;
  let start = open + 1;
  for (let at = open; at < glob.length; at++) {
    const character = glob[at];
    if (character === '\\') at++;
    else if (character === '{') depth++;
    else if (character === ',' && depth === 1) start = parts.push(glob.slice(start, at)) && at + 1;
    else if (character === '}' && --depth === 0) {
      parts.push(glob.slice(start, at));
      const rest = glob.slice(at + 1);
      const expanded = parts.flatMap((part) => alternatives(glob.slice(0, open) + part + rest));
      if (expanded.length > alternativesMax) throw new OttlError(`invalid glob: more than ${alternativesMax} alternatives`);
      return expanded;
    }
  }
  throw new OttlError('invalid glob: "{" is not closed');
}

function positionOf(glob: string, from: number, wanted: string): number {
  for (let at = from; at < glob.length; at++) {
    if (glob[at] === '\\') at++;
    else if (glob[at] === wanted) return at;
  }
  return -1;
}

function parseSteps(glob: string): readonly Step[] {
  const characters = [...glob];
  const steps: Step[] = [];
  for (let at = 0; at < characters.length; at++) {
    const character = characters[at]!;
    if (character === '*') {
      if (steps.at(-1)?.kind !== 'run') steps.push({ kind: 'run' });
    } else if (character === '?') steps.push({ kind: 'any' });
    else if (character === '[') {
      const close = characters.indexOf(']', at + 2);
      if (close < 0) throw new OttlError('invalid glob: "[" is not closed');
      steps.push(parseSet(characters.slice(at + 1, close)));
      at = close;
    } else if (character === '\\') {
      at++;
      if (at === characters.length) throw new OttlError('invalid glob: it ends with a backslash');
      steps.push({ kind: 'one', character: characters[at]! });
    } else steps.push({ kind: 'one', character });
  }
  return steps;
}

function parseSet(members: readonly string[]): Step {
  const negated = members[0] === '!' || members[0] === '^';
  const ranges: [number, number][] = [];
  for (let at = negated ? 1 : 0; at < members.length; at++) {
    const from = members[at]!.codePointAt(0)!;
    const isRange = members[at + 1] === '-' && at + 2 < members.length;
    ranges.push([from, isRange ? members[at + 2]!.codePointAt(0)! : from]);
    if (isRange) at += 2;
  }
  return { kind: 'set', negated, ranges };
}

function accepts(step: Step, character: string): boolean {
  if (step.kind === 'one') return step.character === character;
  if (step.kind !== 'set') return true;
  const point = character.codePointAt(0)!;
  return step.ranges.some(([from, to]) => from <= point && point <= to) !== step.negated;
}

/** Only the last run is ever tried again, with one character more: an earlier one could not do better. */
function run(steps: readonly Step[], characters: readonly string[]): boolean {
  let step = 0;
  let at = 0;
  let runStep = -1;
  let runAt = 0;
  while (at < characters.length) {
    const current = steps[step];
    if (current?.kind === 'run') {
      runStep = step++;
      runAt = at;
    } else if (current && accepts(current, characters[at]!)) {
      step++;
      at++;
    } else if (runStep >= 0) {
      step = runStep + 1;
      at = ++runAt;
    } else return false;
  }
  while (steps[step]?.kind === 'run') step++;
  return step === steps.length;
}
