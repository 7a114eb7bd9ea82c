import { isObject, isText, type Json, type JsonObject, type Text } from '../json.ts';
import { jsonText } from '../json-writer.ts';
import { firstOf, merged, rest, type ToolCall } from './message.ts';

const named = new Set([
  ...['id', 'type', 'function', 'name', 'arguments', 'args', 'input', 'extras'],
  ...['toolCallId', 'toolName', 'toolCallType', 'tool_call_id', 'tool_name', 'toolUseId', 'call_id', 'ref'],
]);
const namedInFunction = new Set(['name', 'arguments']);

/** A call of a function from any spelling of it: OpenAI's nested one, or the flat ones of everybody else. */
export function callOf(source: JsonObject): ToolCall {
  const inner = isObject(source.function) ? source.function : source;
  const id = firstOf(source, 'call_id', 'toolCallId', 'tool_call_id', 'toolUseId', 'ref', 'id');
  const name = firstOf(inner, 'name', 'toolName', 'tool_name');
  const call: ToolCall = {
    id: isText(id) ? id : id === undefined ? undefined : jsonText(id),
    type: 'function',
    function: { name: name === undefined ? '' : asText(name), arguments: argumentsText(firstOf(inner, 'arguments', 'args', 'input')) },
  };
  const extras = merged(merged(rest(source, named), inner === source ? undefined : rest(inner, namedInFunction)), extrasOf(source));
  // The Responses API gives the item an id of its own beside the call's.
  const itemId = id !== source.id && isText(source.id) ? { item_id: source.id } : undefined;
  const all = merged(extras, itemId);
  if (all !== undefined) call.extras = all;
  return call;
}

function extrasOf(source: JsonObject): JsonObject | undefined {
  return isObject(source.extras) ? source.extras : undefined;
}

function asText(value: Json): Text {
  return isText(value) ? value : jsonText(value);
}

/** A string stays untouched, even an invalid one; an object becomes its JSON text; none is an empty object. */
function argumentsText(value: Json | undefined): Text {
  return value === undefined || value === null ? '{}' : asText(value);
}
