import { emptyObject, isArray, isObject, isText, type Json, type JsonObject, textOf } from '../json.ts';

/** LangChain's messages as its callbacks dump them: `{lc: 1, type: "constructor", id, kwargs}`, `{type: "human", data}`, `{type: "human", content}`. */
const rolesByType: ReadonlyMap<string, string> = new Map([
  ['human', 'user'],
  ['ai', 'assistant'],
  ['system', 'system'],
  ['tool', 'tool'],
  ['function', 'tool'],
  ['developer', 'developer'],
]);

/** The same message with its role and content at the top; `undefined` if it is not LangChain's. */
export function langchainMessage(element: JsonObject): JsonObject | undefined {
  const constructed = constructorArguments(element);
  if (constructed !== undefined) {
    const role = roleOfClass(element.id);
    return role === undefined ? undefined : withRole(role, constructed);
  }
  if (!isText(element.type) || isText(element.role)) return undefined;
  const role = roleOf(textOf(element.type));
  if (role === undefined) return undefined;
  if (isObject(element.data)) return withRole(role, element.data);
  return element.content === undefined ? undefined : withRole(role, element);
}

/** The arguments of a dumped object of any class. */
export function constructorArguments(element: JsonObject): JsonObject | undefined {
  return element.lc === 1 && isObject(element.kwargs) ? element.kwargs : undefined;
}

function roleOfClass(id: Json | undefined): string | undefined {
  const name = isArray(id) ? id[id.length - 1] : undefined;
  if (!isText(name)) return undefined;
  return roleOf(textOf(name));
}

/** `HumanMessageChunk`, `AIMessage`, `human`. */
function roleOf(type: string): string | undefined {
  const match = /^([A-Za-z]+?)(?:Message(?:Chunk)?)?$/.exec(type);
  const word = match?.[1]?.toLowerCase() ?? '';
  return word === 'chat' ? 'user' : rolesByType.get(word);
}

function withRole(role: string, source: JsonObject): JsonObject {
  const message = emptyObject();
  for (const key of Object.keys(source)) if (key !== 'type' && source[key] !== undefined) message[key] = source[key];
  if (!isText(message.role)) message.role = role;
  return message;
}
