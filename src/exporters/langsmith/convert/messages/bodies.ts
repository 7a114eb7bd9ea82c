import { isArray, isObject, isText, type Json, type JsonObject } from '../json.ts';
import { jsonOf, startsLikeJson } from '../json-text.ts';
import { isConversation } from './conversation.ts';
import { constructorArguments } from './langchain.ts';
import { firstOf } from './message.ts';
import type { Shape } from './shape.ts';

/**
 * Where the conversation stands in what a provider's interface takes:
 *
 * | body                        | messages            | instructions |
 * |-----------------------------|---------------------|--------------|
 * | OpenAI chat, Ollama, Genkit | `messages`          |              |
 * | Anthropic, Bedrock, AI SDK  | `messages`          | `system`     |
 * | OpenAI Responses            | `input`             | `instructions` |
 * | Gemini, Vertex AI           | `contents`          | `systemInstruction`, also inside `config` |
 * | Cohere                      | `chat_history`, `message` | `preamble` |
 * | LiveKit                     | `items`             |              |
 */
export function conversationIn(value: Json, shape: Shape | undefined): readonly Json[] | undefined {
  if (isArray(value)) return listOf(value, shape);
  if (!isObject(value)) return undefined;
  const constructed = constructorArguments(value);
  if (constructed !== undefined && isArray(constructed.messages)) return listOf(constructed.messages, shape);
  const elements = elementsIn(value, shape);
  if (elements !== undefined) return withSystem(systemIn(value), elements);
  return isConversation([value], undefined) && value.message === undefined ? [value] : undefined;
}

/** LangChain nests the list once more, one list for each of several prompts. */
function listOf(list: readonly Json[], shape: Shape | undefined): readonly Json[] | undefined {
  if (isConversation(list, shape)) return shape === 'genai' ? (packedIn(list) ?? list) : list;
  const [only] = list;
  return list.length === 1 && isArray(only) && isConversation(only, shape) ? only : undefined;
}

/** OpenLLMetry packs the whole input of the Responses API as JSON into the text of one message. */
function packedIn(list: readonly Json[]): readonly Json[] | undefined {
  const [message] = list;
  const parts = list.length === 1 && isObject(message) ? message.parts : undefined;
  const part = isArray(parts) && parts.length === 1 ? parts[0] : undefined;
  if (!isObject(part) || !isText(part.content) || !startsLikeJson(part.content)) return undefined;
  const packed = jsonOf(part.content);
  return isArray(packed) && isConversation(packed, 'responses') ? packed : undefined;
}

function elementsIn(body: JsonObject, shape: Shape | undefined): readonly Json[] | undefined {
  for (const key of ['messages', 'input', 'items', 'chat_ctx'] as const) {
    const elements = body[key];
    const inner = isObject(elements) && isArray(elements.items) ? elements.items : elements;
    const list = isArray(inner) ? listOf(inner, shape) : undefined;
    if (list !== undefined) return list;
  }
  return contentsIn(body) ?? cohereIn(body) ?? promptIn(body, shape);
}

/** Gemini takes a text, one content or a list of them; the role is the user's where none is said. */
function contentsIn({ contents }: JsonObject): readonly Json[] | undefined {
  if (isText(contents)) return [{ role: 'user', content: contents }];
  const list = isObject(contents) ? [contents] : contents;
  if (!isArray(list) || list.length === 0) return undefined;
  const turns = list.map((turn) =>
    isObject(turn) && turn.parts !== undefined && turn.role === undefined ? { ...turn, role: 'user' } : turn,
  );
  return isConversation(turns, undefined) ? turns : undefined;
}

function cohereIn({ message, chat_history: history, preamble }: JsonObject): readonly Json[] | undefined {
  if (!isText(message) || (history === undefined && preamble === undefined)) return undefined;
  const earlier = isArray(history)
    ? history.map((turn) => (isObject(turn) && isText(turn.message) ? { role: turn.role, content: turn.message } : turn))
    : [];
  return earlier.length === 0 || isConversation(earlier, undefined) ? [...earlier, { role: 'user', content: message }] : undefined;
}

/** A body that is only a text says so by its company, or the hint does. */
function promptIn(body: JsonObject, shape: Shape | undefined): readonly Json[] | undefined {
  const { prompt, input } = body;
  if (isText(prompt) && (shape === 'vercel' || body.system !== undefined)) return [{ role: 'user', content: prompt }];
  if (isArray(prompt) && isConversation(prompt, shape)) return prompt;
  if (isText(input) && (shape === 'responses' || isText(body.instructions))) return [{ role: 'user', content: input }];
  return undefined;
}

function systemIn(body: JsonObject): Json | undefined {
  const config = firstOf(body, 'config', 'generationConfig');
  const inner = isObject(config) ? firstOf(config, 'system_instruction', 'systemInstruction') : undefined;
  return firstOf(body, 'system', 'instructions', 'systemInstruction', 'system_instruction', 'preamble') ?? inner;
}

function withSystem(system: Json | undefined, elements: readonly Json[]): readonly Json[] {
  if (system === undefined || (isArray(system) && system.length === 0) || system === '') return elements;
  const content = isObject(system) && system.parts !== undefined ? system.parts : system;
  return [{ role: 'system', content }, ...elements];
}
