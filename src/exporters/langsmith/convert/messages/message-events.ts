import { emptyObject, isObject, isText, type Json, type JsonObject, textOf } from '../json.ts';
import { embeddedParts } from './indexed.ts';
import { merged } from './message.ts';

/** Events of the older GenAI conventions as Pydantic AI lists them in one attribute: flat objects that tell what they are by `event.name`. */
const rolesByEvent: ReadonlyMap<string, string> = new Map([
  ['gen_ai.system.message', 'system'],
  ['gen_ai.developer.message', 'developer'],
  ['gen_ai.tool.developer', 'developer'],
  ['gen_ai.user.message', 'user'],
  ['gen_ai.assistant.message', 'assistant'],
  ['gen_ai.tool.message', 'tool'],
  ['gen_ai.choice', 'assistant'],
]);
const envelope = new Set(['event.name', 'index', 'message', 'gen_ai.message.index', 'gen_ai.system', 'gen_ai.provider.name']);

export function isEvent(element: JsonObject): boolean {
  return rolesByEvent.has(nameOf(element));
}

export function isChoiceEvent(element: JsonObject): boolean {
  return nameOf(element) === 'gen_ai.choice';
}

function nameOf(element: JsonObject): string {
  const name = element['event.name'];
  return isText(name) ? textOf(name) : '';
}

/** The message that an event tells. A tool's answer calls the id of its call just `id`. */
export function eventMessage(element: JsonObject): JsonObject {
  const inner = isObject(element.message) ? element.message : { content: element.message };
  const message = merged(members(element), members(inner)) ?? emptyObject();
  message.role ??= rolesByEvent.get(nameOf(element));
  message.content = embeddedParts(message.content) ?? message.content;
  if (message.role === 'tool' && message.id !== undefined) {
    message.tool_call_id ??= message.id;
    delete message.id;
  }
  return message;
}

function members(source: JsonObject): JsonObject {
  const found = emptyObject();
  for (const key of Object.keys(source)) {
    const value: Json | undefined = source[key];
    if (value !== undefined && !envelope.has(key)) found[key] = value;
  }
  return found;
}
