import { compareText } from '../compare.ts';
import { OttlError } from '../fault.ts';
import { converter, getter, literal, optional } from '../function.ts';
import type { OttlMap, OttlValue } from '../value.ts';
import { canonicalText } from './text/canonical-text.ts';

/** The parts between delimiters. Quotes of both kinds protect delimiters and are left out; empty parts are left out. */
function splitQuoted(text: string, delimiter: string): readonly string[] {
  const parts: string[] = [];
  let part = '';
  let quote = '';
  for (let at = 0; at < text.length; at++) {
    const character = text[at]!;
    if (quote === '' && text.startsWith(delimiter, at)) {
      if (part !== '') parts.push(part);
      part = '';
      at += delimiter.length - 1;
    } else if (quote === '' && (character === '"' || character === "'")) quote = character;
    else if (character === quote) quote = '';
    else part += character;
  }
  if (quote !== '') throw new OttlError('splitting the target into pairs failed: never reached the end of a quoted value');
  if (part !== '') parts.push(part);
  return parts;
}

function parsePairs(text: string, delimiter: string, pairDelimiter: string): OttlMap {
  if (text === '') throw new OttlError('cannot parse from empty target');
  const map = new Map<string, OttlValue>();
  for (const pair of splitQuoted(text, pairDelimiter)) {
    const at = pair.indexOf(delimiter);
    if (at < 0) throw new OttlError('cannot split a pair into 2 items, got 1 item(s)');
    map.set(pair.slice(0, at).trim(), pair.slice(at + delimiter.length).trim());
  }
  return map;
}

function checkDelimiters(delimiter: string, pairDelimiter: string): void {
  if (delimiter === pairDelimiter) {
    throw new OttlError(`pair delimiter "${pairDelimiter}" cannot be equal to delimiter "${delimiter}"`, { parameter: 'pairDelimiter' });
  }
}

export const parseKeyValue = converter({
  name: 'ParseKeyValue',
  summary: 'The map that a text of pairs holds; quotes protect delimiters.',
  example: 'ParseKeyValue("k1=v1 k2=v2")',
  parameters: { target: getter.string, delimiter: optional(literal.string, '='), pairDelimiter: optional(literal.string, ' ') },
  result: 'map',
  compile: ({ target, ...delimiters }) => {
    const delimiter = delimiters.delimiter || '=';
    const pairDelimiter = delimiters.pairDelimiter || ' ';
    checkDelimiters(delimiter, pairDelimiter);
    return (evaluation) => parsePairs(target(evaluation), delimiter, pairDelimiter);
  },
});

function quoted(text: string, delimiter: string, pairDelimiter: string): string {
  const escaped = text.replaceAll('"', '\\"');
  return escaped.includes(delimiter) || escaped.includes(pairDelimiter) ? `"${escaped}"` : escaped;
}

export const toKeyValueString = converter({
  name: 'ToKeyValueString',
  summary: 'A map as a text of pairs; what contains a delimiter is quoted.',
  example: 'ToKeyValueString(span.attributes, ":", ",", true)',
  parameters: {
    target: getter.map,
    delimiter: optional(literal.string, '='),
    pairDelimiter: optional(literal.string, ' '),
    sortOutput: optional(literal.bool, false),
  },
  result: 'string',
  compile: ({ target, delimiter, pairDelimiter, sortOutput }) => {
    if (delimiter === '') throw new OttlError('delimiter cannot be set to an empty string', { parameter: 'delimiter' });
    if (pairDelimiter === '') throw new OttlError('pair delimiter cannot be set to an empty string', { parameter: 'pairDelimiter' });
    checkDelimiters(delimiter, pairDelimiter);
    const write = (text: string): string => quoted(text, delimiter, pairDelimiter);
    return (evaluation) => {
      const entries = [...target(evaluation)];
      if (sortOutput) entries.sort(([one], [other]) => compareText(one, other));
      return entries.map(([key, value]) => write(key) + delimiter + write(canonicalText(value))).join(pairDelimiter);
    };
  },
});
