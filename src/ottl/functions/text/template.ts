import type { Match, Pattern } from '../../pattern/pattern.ts';

/** A group of the match, by number or by name. */
interface GroupPart {
  readonly name: string;
  /** -1 for a name. */
  readonly number: number;
}

/** The replacement of a regular expression, taken apart once. */
export type Template = readonly (string | GroupPart)[];

const reference = /\$(?:\$|\{([\p{L}\p{Nd}_]+)\}|([\p{L}\p{Nd}_]+))/gu;

/** `$1`, `$name`, `${name}` and `$$`, as Go's `Regexp.Expand` reads them: a name without braces runs as far as it can. */
export function parseTemplate(text: string): Template {
  const parts: (string | GroupPart)[] = [];
  let end = 0;
  for (const found of text.matchAll(reference)) {
    if (found.index > end) parts.push(text.slice(end, found.index));
    const name = found[1] ?? found[2];
    parts.push(name === undefined ? '$' : { name, number: /^[0-9]{1,9}$/.test(name) ? Number(name) : -1 });
    end = found.index + found[0].length;
  }
  if (end < text.length) parts.push(text.slice(end));
  return parts;
}

export function expandTemplate(template: Template, pattern: Pattern, match: Match): string {
  let text = '';
  for (const part of template) {
    if (typeof part === 'string') text += part;
    else text += (part.number >= 0 ? match.groups[part.number] : groupByName(part.name, pattern, match)) ?? '';
  }
  return text;
}

/** Of several groups with the same name, the first that took part. */
function groupByName(name: string, pattern: Pattern, match: Match): string | undefined {
  for (let group = 1; group < pattern.groupNames.length; group++) {
    if (pattern.groupNames[group] === name && match.groups[group] !== undefined) return match.groups[group];
  }
  return undefined;
}
