import { OttlError } from '../fault.ts';
import { converter, getter, listOf } from '../function.ts';

export const string = converter({
  name: 'String',
  summary: 'The text of a value: maps and lists as JSON, byte arrays and ids as hex; nil of nil.',
  example: 'String(span.span_id)',
  parameters: { value: getter.stringLike },
  result: 'string',
  compile: ({ value }) => value,
});

export const int = converter({
  name: 'Int',
  summary: 'An int of a value: floats are cut toward zero, booleans are 0 or 1; nil of text that is no decimal int.',
  example: 'Int("42")',
  parameters: { value: getter.intLike },
  result: 'int',
  compile: ({ value }) => value,
});

export const double = converter({
  name: 'Double',
  summary: 'A float of a value: booleans are 0 or 1; nil of text that is no decimal number.',
  example: 'Double("2.5")',
  parameters: { value: getter.floatLike },
  result: 'float',
  compile: ({ value }) => value,
});

export const bool = converter({
  name: 'Bool',
  summary: 'A boolean of a value: numbers are true unless zero; nil of text that is no boolean.',
  example: 'Bool("true")',
  parameters: { value: getter.boolLike },
  result: 'bool',
  compile: ({ value }) => value,
});

export const coalesce = converter({
  name: 'Coalesce',
  summary: 'The first value of a list that is not nil.',
  example: 'Coalesce([span.attributes["user.id"], span.attributes["enduser.id"], "unknown"])',
  parameters: { values: listOf(getter.any) },
  result: 'any',
  compile: ({ values }) => {
    if (values.length === 0) throw new OttlError('at least one value is required', { parameter: 'values' });
    return (evaluation) => {
      for (const get of values) {
        const value = get(evaluation);
        if (value !== null) return value;
      }
      return null;
    };
  },
});
