import { type Bytes, bytes } from '../../model/bytes.ts';
import { OttlError } from '../fault.ts';
import { converter, getter, listOf, literal, optional } from '../function.ts';
import { characterStartAfter, characterStartBefore } from './text/utf8-cut.ts';

export const hasPrefix = converter({
  name: 'HasPrefix',
  summary: 'Whether a string begins with another.',
  example: 'HasPrefix(span.name, "GET ")',
  parameters: { value: getter.string, prefix: getter.string },
  result: 'bool',
  compile:
    ({ value, prefix }) =>
    (evaluation) =>
      value(evaluation).startsWith(prefix(evaluation)),
});

export const hasSuffix = converter({
  name: 'HasSuffix',
  summary: 'Whether a string ends with another.',
  example: 'HasSuffix(span.name, "/health")',
  parameters: { value: getter.string, suffix: getter.string },
  result: 'bool',
  compile:
    ({ value, suffix }) =>
    (evaluation) =>
      value(evaluation).endsWith(suffix(evaluation)),
});

export const trimPrefix = converter({
  name: 'TrimPrefix',
  summary: 'A string without a prefix, if it has it.',
  example: 'TrimPrefix("ingest_service", "ingest_")',
  parameters: { value: getter.string, prefix: getter.string },
  result: 'string',
  compile:
    ({ value, prefix }) =>
    (evaluation) => {
      const text = value(evaluation);
      const start = prefix(evaluation);
      return text.startsWith(start) ? text.slice(start.length) : text;
    },
});

export const trimSuffix = converter({
  name: 'TrimSuffix',
  summary: 'A string without a suffix, if it has it.',
  example: 'TrimSuffix("ingest_service", "_service")',
  parameters: { value: getter.string, suffix: getter.string },
  result: 'string',
  compile:
    ({ value, suffix }) =>
    (evaluation) => {
      const text = value(evaluation);
      const end = suffix(evaluation);
      return text.endsWith(end) ? text.slice(0, text.length - end.length) : text;
    },
});

export const trim = converter({
  name: 'Trim',
  summary: 'A string without the characters of a set, by default spaces, at both ends.',
  example: 'Trim("!!this is a test!!", "!")',
  parameters: { target: getter.string, replacement: optional(literal.string, ' ') },
  result: 'string',
  compile: ({ target, replacement }) => {
    const cutset = new Set(replacement);
    return (evaluation) => {
      const characters = [...target(evaluation)];
      let start = 0;
      let end = characters.length;
      while (start < end && cutset.has(characters[start]!)) start++;
      while (end > start && cutset.has(characters[end - 1]!)) end--;
      return characters.slice(start, end).join('');
    };
  },
});

export const split = converter({
  name: 'Split',
  summary: 'The list of the parts of a string between delimiters; its characters if the delimiter is empty.',
  example: 'Split("a|b|c", "|")',
  parameters: { target: getter.string, delimiter: literal.string },
  result: 'list',
  compile: ({ target, delimiter }) =>
    delimiter === '' ? (evaluation) => [...target(evaluation)] : (evaluation) => target(evaluation).split(delimiter),
});

export const concat = converter({
  name: 'Concat',
  summary: 'The texts of values, joined: ids and byte arrays as hex, maps and lists as JSON, nil as "<nil>".',
  example: 'Concat([span.attributes["http.method"], span.attributes["http.route"]], " ")',
  parameters: { values: listOf(getter.stringLike), delimiter: literal.string },
  result: 'string',
  compile:
    ({ values, delimiter }) =>
    (evaluation) => {
      let text = '';
      for (let at = 0; at < values.length; at++) {
        if (at > 0) text += delimiter;
        text += values[at]!(evaluation) ?? '<nil>';
      }
      return text;
    },
});

/** Offsets count UTF-8 bytes. Without `utf8_safe` a character cut in two leaves U+FFFD, since text here is never half a character. */
export const substring = converter({
  name: 'Substring',
  summary: 'A part of a string; start and length count UTF-8 bytes. With utf8_safe, characters that would be cut are left out.',
  example: 'Substring("123456789", 0, 3)',
  parameters: { target: getter.string, start: getter.int, length: getter.int, utf8Safe: optional(literal.bool, false) },
  result: 'string',
  compile:
    ({ target, start, length, utf8Safe }) =>
    (evaluation) => {
      const from = start(evaluation);
      const count = length(evaluation);
      if (from < 0n) throw new OttlError(`invalid start for substring function, ${from} cannot be negative`);
      if (count <= 0n) throw new OttlError(`invalid length for substring function, ${count} cannot be negative or zero`);
      const text = target(evaluation);
      const bytesTotal = bytes.byteLength(text);
      if (from + count > bytesTotal) {
        throw new OttlError(
          `invalid range for substring function, ${from + count} cannot be greater than the length of target string(${bytesTotal})`,
        );
      }
      const first = Number(from);
      const end = Number(from + count);
      if (bytesTotal === text.length) return text.slice(first, end);
      const encoded: Bytes = bytes.from(text, 'utf8');
      if (!utf8Safe) return encoded.utf8Slice(first, end);
      const safeStart = characterStartAfter(encoded, first);
      return encoded.utf8Slice(safeStart, Math.max(safeStart, characterStartBefore(encoded, end)));
    },
});
