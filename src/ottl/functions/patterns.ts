import { OttlError } from '../fault.ts';
import { converter, getter, pattern } from '../function.ts';
import type { Pattern } from '../pattern/pattern.ts';
import type { OttlMap, OttlValue } from '../value.ts';
import { canonicalText } from './text/canonical-text.ts';

export const isMatch = converter({
  name: 'IsMatch',
  summary: 'Whether a regular expression matches anywhere in a value, taken as text; nil never matches.',
  example: 'IsMatch(span.attributes["http.path"], "^/health")',
  parameters: { target: getter.any, pattern },
  result: 'bool',
  compile:
    ({ target, pattern }) =>
    (evaluation) => {
      const value = target(evaluation);
      if (value === null) return false;
      return pattern(evaluation).test(typeof value === 'string' ? value : canonicalText(value));
    },
});

/** The named groups of the first match; a group that took no part is ''. */
function namedGroups(expression: Pattern, text: string): OttlMap {
  const found = new Map<string, OttlValue>();
  const match = expression.exec(text);
  if (match) {
    expression.groupNames.forEach((name, group) => {
      if (name !== '') found.set(name, match.groups[group] ?? '');
    });
  }
  return found;
}

function checkGroups(expression: Pattern): void {
  if (expression.groupNames.some((name) => name !== '')) return;
  throw new OttlError('at least 1 named capture group must be supplied in the given regex', { parameter: 'pattern' });
}

export const extractPatterns = converter({
  name: 'ExtractPatterns',
  summary: 'The named groups of the first match of a regular expression, as a map; an empty map without a match.',
  example: 'ExtractPatterns(span.name, "^(?P<method>[A-Z]+) (?P<path>.*)$")',
  parameters: { target: getter.string, pattern },
  result: 'map',
  compile: ({ target, pattern }) => {
    if (pattern.constant) checkGroups(pattern.constant);
    return (evaluation) => {
      const expression = pattern(evaluation);
      if (!pattern.constant) checkGroups(expression);
      return namedGroups(expression, target(evaluation));
    };
  },
});
