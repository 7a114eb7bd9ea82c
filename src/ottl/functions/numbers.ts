import { OttlError } from '../fault.ts';
import { converter, getter } from '../function.ts';
import { typeOf } from '../value.ts';
import { parseInt64 } from './text/parse-int.ts';

export const parseInteger = converter({
  name: 'ParseInt',
  summary: 'The int that a text holds in a base from 2 to 36; with base 0 a prefix such as 0x tells the base.',
  example: 'ParseInt("0xFF", 0)',
  parameters: { target: getter.string, base: getter.int },
  result: 'int',
  compile:
    ({ target, base }) =>
    (evaluation) =>
      parseInt64(target(evaluation), base(evaluation)),
});

export const log = converter({
  name: 'Log',
  summary: 'The natural logarithm of a number.',
  example: 'Log(span.attributes["duration_ms"])',
  parameters: { value: getter.floatLike },
  result: 'float',
  compile:
    ({ value }) =>
    (evaluation) => {
      const number = value(evaluation);
      if (number === null) throw new OttlError('could not get a number to take the logarithm of');
      if (number <= 0) throw new OttlError('the logarithm of a number that is not greater than zero does not exist');
      return Math.log(number);
    },
});

/** Luhn's algorithm (ISO/IEC 7812-1 annex B): every second digit from the right counts double. */
function isLuhn(digits: string): boolean {
  let sum = 0;
  for (let at = 0; at < digits.length; at++) {
    const digit = digits.charCodeAt(digits.length - 1 - at) - 48;
    const counted = at % 2 === 0 ? digit : digit * 2;
    sum += counted > 9 ? counted - 9 : counted;
  }
  return sum % 10 === 0;
}

export const isValidLuhn = converter({
  name: 'IsValidLuhn',
  summary: 'Whether a number of digits, such as that of a credit card, has a right check digit.',
  example: 'IsValidLuhn("17893729974")',
  parameters: { value: getter.any },
  result: 'bool',
  compile:
    ({ value }) =>
    (evaluation) => {
      const number = value(evaluation);
      if (typeof number !== 'string' && typeof number !== 'bigint') throw new OttlError(`expected string or int but got ${typeOf(number)}`);
      const digits = `${number}`;
      if (!/^[0-9]+$/.test(digits)) throw new OttlError('invalid number: it must consist of digits only');
      return isLuhn(digits);
    },
});
