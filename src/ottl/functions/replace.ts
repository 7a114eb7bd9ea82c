import type { Evaluation } from '../evaluation.ts';
import { choice, editor, type Getter, getter, type MutableMap, mapTarget, pattern, target } from '../function.ts';
import type { Pattern } from '../pattern/pattern.ts';
import type { OttlValue } from '../value.ts';
import { replaceValues } from './map-changes.ts';
import { prepared } from './prepared.ts';
import { finisher, replacementParameters } from './replacement.ts';
import { compileGlob } from './text/glob.ts';
import { expandTemplate, parseTemplate } from './text/template.ts';

type Finish = ReturnType<typeof finisher>;
type Template = ReturnType<typeof parseTemplate>;

/** Replaces every match in a text: the template is expanded, then the function and the format are applied. */
function replaceMatches(evaluation: Evaluation, text: string, regex: Pattern, template: Template, finish: Finish): string {
  const only = template[0];
  if (!finish && template.length === 1 && typeof only === 'string') return regex.replaceAllBy(text, only);
  return regex.replaceAll(text, (match) => {
    const expanded = expandTemplate(template, regex, match);
    return finish ? finish(evaluation, expanded) : expanded;
  });
}

export const replacePattern = editor({
  name: 'replace_pattern',
  summary: 'Replaces every match of a regular expression in a string; $1 and $name stand for groups. Anything but a string stays as it is.',
  example: 'replace_pattern(span.name, "/users/[0-9]+", "/users/{id}")',
  parameters: { target, regex: pattern, ...replacementParameters },
  compile: ({ target, regex, replacement, ...rest }) => {
    const template = prepared(replacement, parseTemplate);
    const finish = finisher(rest);
    return (evaluation) => {
      const value = target.get(evaluation);
      if (typeof value !== 'string') return;
      const replaced = replaceMatches(evaluation, value, regex(evaluation), template(evaluation), finish);
      if (replaced !== value) target.set(evaluation, replaced);
    };
  },
});

/** `undefined` where a value is no string or nothing of it was replaced. */
function inStrings(replace: (text: string) => string): (value: OttlValue) => string | undefined {
  return (value) => {
    if (typeof value !== 'string') return undefined;
    const replaced = replace(value);
    return replaced === value ? undefined : replaced;
  };
}

function replaceKeys(map: MutableMap, replace: (text: string) => string): boolean {
  let isChanged = false;
  for (const key of [...map.keys()]) {
    const renamed = replace(key);
    const value = map.get(key);
    if (renamed === key || value === undefined) continue;
    map.delete(key);
    map.set(renamed, value);
    isChanged = true;
  }
  return isChanged;
}

export const replaceAllPatterns = editor({
  name: 'replace_all_patterns',
  summary: 'Replaces every match of a regular expression in the string values, or in the keys, of a map.',
  example: 'replace_all_patterns(span.attributes, "value", "sk-[A-Za-z0-9]+", "***")',
  parameters: { target: mapTarget, mode: choice('value', 'key'), regex: pattern, ...replacementParameters },
  compile: ({ target, mode, regex, replacement, ...rest }) => {
    const template = prepared(replacement, parseTemplate);
    const finish = finisher(rest);
    return (evaluation) => {
      const map = target.open(evaluation);
      const expression = regex(evaluation);
      const parts = template(evaluation);
      const replace = (text: string) => replaceMatches(evaluation, text, expression, parts, finish);
      const isChanged = mode === 'value' ? replaceValues(map, inStrings(replace)) : replaceKeys(map, replace);
      if (isChanged) target.save(evaluation, map);
    };
  },
});

/** What a matching text becomes. */
function whole(replacement: Getter<string>, finish: Finish): (evaluation: Evaluation) => string {
  if (!finish) return replacement;
  return (evaluation) => finish(evaluation, replacement(evaluation));
}

export const replaceMatch = editor({
  name: 'replace_match',
  summary: 'Replaces a string as a whole if it matches a glob.',
  example: 'replace_match(span.attributes["http.target"], "/user/*/list/*", "/user/{userId}/list/{listId}")',
  parameters: { target, pattern: getter.string, ...replacementParameters },
  compile: ({ target, pattern, replacement, ...rest }) => {
    const glob = prepared(pattern, compileGlob);
    const replaced = whole(replacement, finisher(rest));
    return (evaluation) => {
      const value = target.get(evaluation);
      if (typeof value === 'string' && glob(evaluation).matches(value)) target.set(evaluation, replaced(evaluation));
    };
  },
});

export const replaceAllMatches = editor({
  name: 'replace_all_matches',
  summary: 'Replaces every string value of a map that matches a glob.',
  example: 'replace_all_matches(span.attributes, "Bearer *", "Bearer ***")',
  parameters: { target: mapTarget, pattern: getter.string, ...replacementParameters },
  compile: ({ target, pattern, replacement, ...rest }) => {
    const glob = prepared(pattern, compileGlob);
    const replaced = whole(replacement, finisher(rest));
    return (evaluation) => {
      const map = target.open(evaluation);
      const { matches } = glob(evaluation);
      const change = (value: OttlValue): string | undefined =>
        typeof value === 'string' && matches(value) ? replaced(evaluation) : undefined;
      if (replaceValues(map, change)) target.save(evaluation, map);
    };
  },
});
