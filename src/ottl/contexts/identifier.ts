import type { Evaluation } from '../evaluation.ts';
import { OttlError } from '../fault.ts';
import { Id, typeOf } from '../value.ts';
import { expectString, type Fields } from './field.ts';

/** `name` (an id) and `name.string` (hex) over lower-case hex, '' where absent. */
export function identifier(
  name: string,
  digits: 16 | 32,
  get: (evaluation: Evaluation) => string,
  set: (evaluation: Evaluation, hex: string) => void,
): Fields {
  const zeros = '0'.repeat(digits);
  const shape = new RegExp(`^[0-9a-fA-F]{${digits}}$`);
  const put = (evaluation: Evaluation, hex: string) => set(evaluation, hex === zeros ? '' : hex);
  return {
    [name]: {
      kind: 'scalar',
      type: 'id',
      get: (evaluation) => new Id(get(evaluation) || zeros),
      set: (evaluation, value) => {
        if (!(value instanceof Id))
          throw new OttlError(`cannot set path: expected id, got ${typeOf(value)}`, { hint: 'assign text to .string' });
        if (value.hex.length !== digits)
          throw new OttlError(`cannot set path: expected an id of ${digits} hex digits, got ${value.hex.length}`);
        put(evaluation, value.hex);
      },
    },
    [`${name}.string`]: {
      kind: 'scalar',
      type: 'string',
      get,
      set: (evaluation, value) => {
        const hex = expectString(value);
        if (!shape.test(hex)) throw new OttlError(`cannot set path: expected ${digits} hex digits`);
        put(evaluation, hex.toLowerCase());
      },
    },
  };
}
