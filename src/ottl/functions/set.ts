import { editor, getter, target } from '../function.ts';

/** Assignment. A nil value changes nothing: that is how the Collector worked before its gate `ottl.set.allowNil`, and no statement loses data by it. */
export const set = editor({
  name: 'set',
  summary: 'Assigns a value to a field. A nil value changes nothing.',
  example: 'set(span.attributes["tier"], "gold")',
  parameters: { target, value: getter.any },
  compile:
    ({ target, value }) =>
    (evaluation) => {
      const assigned = value(evaluation);
      if (assigned !== null) target.set(evaluation, assigned);
    },
});
