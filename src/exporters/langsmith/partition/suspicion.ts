/**
 * What a partition's life was working on, as it stands in `meta` under `attempt` (JSON), and what the next life concludes from it.
 *
 *   all     many things at a time          one   a single entry or deadline, which is the suspect then
 *   group   a few of them                  rest  nothing, before the suspect is tried again
 *   pause   nothing: the life was stopped in its rest, as planned
 *
 * How a life ended tells what it means: our own code threw; the journal failed; or nobody knows, because the process ended or lost its lease.
 */
export interface Suspicion {
  readonly work: 'all' | 'group' | 'one' | 'rest' | 'pause';
  /** An entry's id or a `due` key; '' unless work is `one`, `rest` or `pause`. */
  readonly suspect: string;
  /** How many times in a row our code threw while it worked on the suspect alone. */
  readonly throws: number;
  /** How many times in a row a life ended unknown while it worked on the suspect alone. */
  readonly ends: number;
}

export type Ending = 'code' | 'journal' | 'unknown';

const throwsMax = 3;
const endsMax = 5;

export function working(work: 'all' | 'group'): Suspicion {
  return { work, suspect: '', throws: 0, ends: 0 };
}

export function isCondemned({ throws, ends }: Suspicion): boolean {
  return throws >= throwsMax || ends >= endsMax;
}

/** What is held against the suspect after a life ended like this. */
export function afterLife(former: Suspicion, ending: Ending): Suspicion {
  const { work, throws, ends } = former;
  if (ending === 'journal' || work === 'pause') return former;
  if (work === 'one') return ending === 'code' ? { ...former, throws: throws + 1 } : { ...former, ends: ends + 1 };
  // Who ends the process while the suspect rests ended it before, too.
  return work === 'rest' ? { ...former, ends: 0 } : former;
}

/** How much a life works on at a time, after one that ended like this. */
export function paceAfter(former: Suspicion | undefined, ending: Ending): 'all' | 'group' | 'one' {
  if (!former) return ending === 'code' ? 'group' : 'all';
  if (former.suspect !== '') return 'one';
  if (ending === 'journal') return former.work === 'all' ? 'all' : 'group';
  return former.work === 'all' ? 'group' : 'one';
}
