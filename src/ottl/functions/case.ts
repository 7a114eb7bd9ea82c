import { choice, converter, getter } from '../function.ts';
import { camelCase, snakeCase } from './text/word-case.ts';

const cases: Readonly<Record<'lower' | 'upper' | 'snake' | 'camel', (text: string) => string>> = {
  lower: (text) => text.toLowerCase(),
  upper: (text) => text.toUpperCase(),
  snake: snakeCase,
  camel: camelCase,
};

export const convertCase = converter({
  name: 'ConvertCase',
  summary: 'A string in another case: lower, upper, snake (some_name) or camel (SomeName).',
  example: 'ConvertCase(span.name, "snake")',
  parameters: { target: getter.string, toCase: choice('lower', 'upper', 'snake', 'camel') },
  result: 'string',
  compile: ({ target, toCase }) => {
    const convert = cases[toCase];
    return (evaluation) => convert(target(evaluation));
  },
});

function toCase(name: string, summary: string, convert: (text: string) => string) {
  return converter({
    name,
    summary,
    example: `${name}(span.name)`,
    parameters: { target: getter.string },
    result: 'string',
    compile:
      ({ target }) =>
      (evaluation) =>
        convert(target(evaluation)),
  });
}

export const toLowerCase = toCase('ToLowerCase', 'A string in lower case.', cases.lower);
export const toUpperCase = toCase('ToUpperCase', 'A string in upper case.', cases.upper);
export const toSnakeCase = toCase('ToSnakeCase', 'A string in snake case: MyName becomes my_name.', cases.snake);
export const toCamelCase = toCase('ToCamelCase', 'A string in camel case: my_name becomes MyName.', cases.camel);
