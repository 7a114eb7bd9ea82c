/** `tool_parameters` and `tool.parameters`: what a tool was called with, or what it may be called with (mapping §6.4). */
import { isEmptyContent, memberOf } from './coerce.ts';
import { isObject, isText, type Json, textOf } from './json.ts';
import { jsonOf } from './json-text.ts';
import { slot } from './keys.ts';
import type { SpanReader } from './span-reader.ts';

const given = slot('tool_parameters');
const either = slot('tool.parameters');

/** JSON, or what Python prints of a dictionary. */
export function toolParameters(reader: SpanReader): Json | undefined {
  const value = reader.peekLeaf(given);
  if (value === undefined || isEmptyContent(value)) return undefined;
  reader.use(given);
  return isText(value) ? (jsonOf(textOf(value), { pythonRepr: true }) ?? value) : value;
}

/** OpenInference writes the tool's schema here, and others its arguments. */
export function parametersThatAreNoSchema(reader: SpanReader): Json | undefined {
  const value = reader.peekJson(either);
  if (value === undefined || isEmptyContent(value) || isSchema(value)) return undefined;
  reader.use(either);
  return value;
}

/** What is no argument is taken for the schema. */
export function schemaInParameters(reader: SpanReader): Json | undefined {
  return reader.isTaken(either) ? undefined : reader.takeJson(either);
}

function isSchema(value: Json): boolean {
  return (
    isObject(value) && (isObject(memberOf(value, 'properties')) || isText(memberOf(value, '$schema')) || isText(memberOf(value, 'type')))
  );
}
