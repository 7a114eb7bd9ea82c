/** What befalls a partition while spans come: time passes, and processes die at their commits. For the properties of every order and every crash. */
import fc from 'fast-check';
import type { World } from './world.ts';

/** What happens next: so many items in one entry, then perhaps time; then perhaps the process dies and the next one will die at one of its commits. */
export const happening = fc.record({
  count: fc.integer({ min: 1, max: 6 }),
  passMs: fc.constantFrom(0, 250, 3_000),
  crash: fc.option(fc.record({ commit: fc.integer({ min: 1, max: 5 }), applied: fc.boolean() })),
});

type Happening = typeof happening extends fc.Arbitrary<infer Value> ? Value : never;

export interface Hazards<Item> {
  readonly append: (items: readonly Item[]) => Promise<void>;
  /** Each that is the last of so many gets through: more deaths at the same work in a row would be blamed on it (`attempt.test.ts` is about that). */
  readonly everyCrash: number;
  /** Lets a life get through what it found. */
  readonly getThrough: () => Promise<void>;
}

/** Brings all items, in their order, through what happens. */
export async function endure<Item>(
  world: World,
  items: readonly Item[],
  happenings: readonly Happening[],
  { append, everyCrash, getThrough }: Hazards<Item>,
): Promise<void> {
  const rest = [...items];
  let crashes = 0;
  for (let turn = 0; rest.length > 0; turn += 1) {
    const { count, passMs, crash } = happenings[turn % happenings.length] as Happening;
    await append(rest.splice(0, count));
    await world.pass(passMs);
    crashes += crash ? 1 : 0;
    if (crash && crashes % everyCrash !== 0) await world.restart(crash.commit, crash.applied);
    else if (crash) {
      await world.restart();
      await getThrough();
    } else if (world.partition.lost.aborted) await world.restart();
  }
}
