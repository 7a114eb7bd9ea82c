import { OttlError } from '../fault.ts';
import { converter, getter } from '../function.ts';
import { isList, isMap, type OttlValue } from '../value.ts';

const depthMax = 200;

function ottlValue(parsed: unknown, depth: number): OttlValue {
  if (typeof parsed !== 'object' || parsed === null) return parsed as OttlValue;
  if (depth === depthMax) throw new OttlError(`cannot parse JSON: nested deeper than ${depthMax} levels`);
  if (Array.isArray(parsed)) return parsed.map((element) => ottlValue(element, depth + 1));
  const map = new Map<string, OttlValue>();
  for (const [key, value] of Object.entries(parsed)) map.set(key, ottlValue(value, depth + 1));
  return map;
}

/** The platform's message quotes the text, which may be private, so it goes no further. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new OttlError('cannot parse JSON: the text is not valid JSON');
  }
}

export const parseJson = converter({
  name: 'ParseJSON',
  summary: 'The map or list that a text holds as JSON. All numbers become floats.',
  example: 'ParseJSON(span.attributes["payload"])',
  parameters: { target: getter.string },
  result: 'any',
  compile:
    ({ target }) =>
    (evaluation) => {
      const value = ottlValue(parse(target(evaluation)), 0);
      if (isMap(value) || isList(value)) return value;
      throw new OttlError('cannot parse JSON: the text holds neither an object nor an array');
    },
});
