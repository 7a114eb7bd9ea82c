import fc from 'fast-check';
import { expect, it } from 'vitest';
import { LateMap } from '../../src/model/late-map.ts';

const key = fc.integer({ min: 0, max: 4 });
const action = fc.oneof(fc.record({ set: key, value: fc.option(fc.integer(), { nil: undefined }) }), fc.record({ delete: key }));

it('says after every change what a Map would say', () => {
  fc.assert(
    fc.property(fc.array(action), (actions) => {
      const late = new LateMap<number, number | undefined>();
      const map = new Map<number, number | undefined>();
      for (const each of actions) {
        if ('set' in each) for (const one of [late, map]) one.set(each.set, each.value);
        else for (const one of [late, map]) one.delete(each.delete);
        expect([late.size, ...late.values()]).toEqual([map.size, ...map.values()]);
        for (let asked = 0; asked <= 4; asked += 1) expect([late.has(asked), late.get(asked)]).toEqual([map.has(asked), map.get(asked)]);
      }
    }),
  );
});
