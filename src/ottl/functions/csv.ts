import { OttlError } from '../fault.ts';
import { choice, converter, getter, literal, optional } from '../function.ts';
import type { OttlValue } from '../value.ts';
import { prepared } from './prepared.ts';
import { parseCsvRow } from './text/csv-row.ts';

function checkDelimiter(delimiter: string, parameter: string): void {
  if ([...delimiter].length !== 1) throw new OttlError(`invalid ${parameter}: must be a single character`, { parameter });
  if (delimiter === '"' || delimiter === '\n' || delimiter === '\r') {
    throw new OttlError(`invalid ${parameter}: must not be a quote or a line end`, { parameter });
  }
}

export const parseCsv = converter({
  name: 'ParseCSV',
  summary: 'The map from the headers to the fields of one row of CSV.',
  example: 'ParseCSV("Joe Smith,joe@example.com", "name,email")',
  parameters: {
    target: getter.string,
    headers: getter.string,
    delimiter: optional(literal.string, ','),
    headerDelimiter: optional(literal.string),
    mode: optional(choice('strict', 'lazyQuotes', 'ignoreQuotes'), 'strict'),
  },
  result: 'map',
  compile: ({ target, headers, delimiter, headerDelimiter = delimiter, mode }) => {
    checkDelimiter(delimiter, 'delimiter');
    checkDelimiter(headerDelimiter, 'headerDelimiter');
    const names = prepared(headers, (text) => {
      if (text === '') throw new OttlError('headers must not be an empty string', { parameter: 'headers' });
      return text.split(headerDelimiter);
    });
    const fieldsOf = (row: string): readonly string[] =>
      mode === 'ignoreQuotes' ? row.split(delimiter) : parseCsvRow(row, delimiter, mode === 'lazyQuotes');
    return (evaluation) => {
      const keys = names(evaluation);
      const fields = fieldsOf(target(evaluation));
      if (fields.length !== keys.length) {
        throw new OttlError(`wrong number of fields: expected ${keys.length}, found ${fields.length}`);
      }
      return new Map<string, OttlValue>(keys.map((key, index) => [key, fields[index]!]));
    };
  },
});
