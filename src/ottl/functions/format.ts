import { converter, getter, listOf } from '../function.ts';
import { sprintf } from './text/sprintf.ts';

export const format = converter({
  name: 'Format',
  summary: "Values written by a format of Go's Sprintf; what does not fit is said in the text.",
  example: 'Format("%04d-%02d", [2024, 2])',
  parameters: { formatString: getter.string, formatArguments: listOf(getter.any) },
  result: 'string',
  compile:
    ({ formatString, formatArguments }) =>
    (evaluation) =>
      sprintf(
        formatString(evaluation),
        formatArguments.map((argument) => argument(evaluation)),
      ),
});
