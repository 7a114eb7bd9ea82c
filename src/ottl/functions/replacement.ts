import type { Evaluation } from '../evaluation.ts';
import { OttlError } from '../fault.ts';
import { type ConverterReference, converterReference, type Getter, getter, optional } from '../function.ts';
import { prepared } from './prepared.ts';

/** What the four `replace_…` editors share: the arguments after the pattern. */
export const replacementParameters = {
  replacement: getter.string,
  function: optional(converterReference),
  replacementFormat: optional(getter.string),
};

interface ReplacementArguments {
  readonly function: ConverterReference | undefined;
  readonly replacementFormat: Getter<string> | undefined;
}

/** Sends the text that goes in through the function and the format, if there are any. Without a function there is no format: so the Collector. */
export function finisher(args: ReplacementArguments): ((evaluation: Evaluation, text: string) => string) | undefined {
  const apply = args.function;
  if (!apply) return undefined;
  const format = args.replacementFormat && prepared(args.replacementFormat, splitFormat);
  return (evaluation, text) => {
    const result = apply(evaluation, text);
    if (typeof result !== 'string') throw new OttlError('the replacement value must be a string');
    if (!format) return result;
    const [before, after] = format(evaluation);
    return before + result + after;
  };
}

function splitFormat(format: string): readonly [before: string, after: string] {
  const parts = format.split('%s');
  if (parts.length !== 2 || parts.some((part) => part.includes('%'))) {
    throw new OttlError('replacementFormat must be format string containing a single %s and no other format specifiers', {
      parameter: 'replacementFormat',
    });
  }
  return [parts[0]!, parts[1]!];
}
