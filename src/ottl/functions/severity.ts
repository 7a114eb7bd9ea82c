import { OttlError } from '../fault.ts';
import { converter, getter } from '../function.ts';
import { isList, isMap, type OttlMap, type OttlValue, typeOf } from '../value.ts';

/** What is mapped to one level: texts, and ranges of ints with both ends included. */
interface Level {
  readonly name: string;
  readonly texts: ReadonlySet<string>;
  readonly ranges: readonly (readonly [min: bigint, max: bigint])[];
}

function refuse(why: string): never {
  throw new OttlError(`invalid severity mapping: ${why}`);
}

function rangeOf(value: OttlValue): readonly [min: bigint, max: bigint] {
  if (typeof value === 'string') {
    const hundreds = /^([2-5])xx$/.exec(value);
    if (!hundreds) refuse('a range must be one of "2xx", "3xx", "4xx", "5xx", or have min and max');
    const min = BigInt(hundreds[1]!) * 100n;
    return [min, min + 99n];
  }
  const min = isMap(value) ? value.get('min') : undefined;
  const max = isMap(value) ? value.get('max') : undefined;
  if (typeof min !== 'bigint' || typeof max !== 'bigint') refuse('a range must have min and max, both int');
  return [min, max];
}

function textsOf(value: OttlValue): readonly string[] {
  if (!isList(value) || !value.every((text) => typeof text === 'string')) refuse('"equals" must be a list of strings');
  return value as readonly string[];
}

function levelOf(name: string, criteria: OttlValue): Level {
  if (!isList(criteria)) refuse('the criteria of a level must be a list');
  const texts: string[] = [];
  const ranges: (readonly [bigint, bigint])[] = [];
  for (const criterion of criteria) {
    if (!isMap(criterion)) refuse('a criterion must be a map with "equals" or "range"');
    for (const [key, value] of criterion) {
      if (key === 'equals') texts.push(...textsOf(value));
      else if (key === 'range') ranges.push(rangeOf(value));
      else refuse('a criterion must be "equals" or "range"');
    }
  }
  return { name, texts: new Set(texts), ranges };
}

function levelsOf(mapping: OttlMap): readonly Level[] {
  return [...mapping].map(([name, criteria]) => levelOf(name, criteria));
}

function isLevel({ texts, ranges }: Level, value: string | bigint): boolean {
  return typeof value === 'string' ? texts.has(value) : ranges.some(([min, max]) => min <= value && value <= max);
}

export const parseSeverity = converter({
  name: 'ParseSeverity',
  summary: 'The level of a mapping to which a text or int belongs.',
  example: 'ParseSeverity(span.attributes["level"], {"info": [{"equals": ["inf"]}, {"range": "2xx"}]})',
  parameters: { target: getter.any, severityMapping: getter.map },
  result: 'string',
  compile: ({ target, severityMapping }) => {
    const constant = severityMapping.constant && levelsOf(severityMapping.constant);
    return (evaluation) => {
      const levels = constant ?? levelsOf(severityMapping(evaluation));
      const value = target(evaluation);
      if (typeof value !== 'string' && typeof value !== 'bigint') {
        throw new OttlError(`could not map log level: expected string or int but got ${typeOf(value)}`);
      }
      const level = levels.find((candidate) => isLevel(candidate, value));
      if (!level) throw new OttlError('could not map log level: no matching log level found');
      return level.name;
    };
  },
});
