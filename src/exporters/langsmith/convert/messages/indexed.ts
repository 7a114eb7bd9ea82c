import { emptyObject, isArray, isObject, isSame, isText, isVoid, type Json, type JsonObject, textOf } from '../json.ts';
import { jsonOf } from '../json-text.ts';
import { merged, rest } from './message.ts';
import { isPart } from './parts.ts';

/**
 * Messages whose attributes had indexed names, as trees: OpenLLMetry's `gen_ai.prompt.N.*` and OpenInference's `llm.input_messages.N.message.*`, which
 * has one level more (`message`, `message_content`, `tool_call`).
 */
export function indexedMessage(element: JsonObject, index: number): JsonObject {
  const inner = isObject(element.message) ? withoutLevel(element, element.message) : element;
  const message = emptyObject();
  for (const key of Object.keys(inner)) place(message, key, inner[key], index);
  if (isText(message.content) && isAssistant(message) && textOf(message.content) === 'null') delete message.content;
  return withContents(message);
}

const level = new Set(['message']);

/** The members of a message that stands one level deeper, with those beside it. What both say differently is kept under `before`. */
export function withoutLevel(entry: JsonObject, message: JsonObject): JsonObject {
  const beside = rest(entry, level);
  if (beside === undefined) return message;
  let before: JsonObject | undefined;
  for (const key of Object.keys(beside)) {
    if (message[key] === undefined || isSame(message[key], beside[key])) continue;
    before ??= emptyObject();
    before[key] = beside[key];
  }
  const flat = merged(beside, message) ?? message;
  return before === undefined ? flat : (merged({ before }, flat) ?? flat);
}

function isAssistant(message: JsonObject): boolean {
  return isText(message.role) && textOf(message.role) === 'assistant';
}

function place(message: JsonObject, key: string, value: Json | undefined, index: number): void {
  if (isVoid(value)) return;
  switch (key) {
    case 'content':
      message.content = embeddedParts(value) ?? value;
      break;
    case 'contents':
      message.contents = isArray(value) ? value.map(unwrappedPart) : value;
      break;
    case 'tool_calls':
      message.tool_calls = isArray(value) ? value.map(unwrappedCall).filter((call) => !isVoid(call)) : value;
      break;
    case 'function_call_name':
    case 'function_call_arguments_json':
      message.function_call = { id: `call_legacy_${index}`, ...(isObject(message.function_call) ? message.function_call : {}) };
      message.function_call[key === 'function_call_name' ? 'name' : 'arguments'] = value;
      break;
    case 'function_call':
      message.function_call = isObject(value) ? { id: `call_legacy_${index}`, ...value } : value;
      break;
    case 'user':
      message.name = value;
      break;
    default:
      message[key] = value;
  }
}

/** A list of content parts as JSON text; any other text is what somebody said. */
export function embeddedParts(content: Json | undefined): readonly Json[] | undefined {
  if (!isText(content)) return undefined;
  const start = typeof content === 'string' ? content.charCodeAt(0) : content.source[content.start];
  if (start !== 0x5b) return undefined;
  const parts = jsonOf(content);
  return isArray(parts) && parts.length > 0 && parts.every((part) => isObject(part) && isPart(part)) ? parts : undefined;
}

/** OpenInference tells an image twice where it has parts: the parts know more. A plain content beside them is one more text. */
function withContents(message: JsonObject): JsonObject {
  const { contents, content } = message;
  if (!isArray(contents)) return message;
  delete message.contents;
  const parts = contents.filter((part) => !isVoid(part));
  const isTold = isText(content) && parts.some((part) => isObject(part) && isText(part.text) && textOf(part.text) === textOf(content));
  message.content = content === undefined || isTold ? parts : [...(isArray(content) ? content : [content]), ...parts];
  return message;
}

function unwrappedPart(entry: Json): Json {
  if (!isObject(entry)) return entry;
  const part = isObject(entry.message_content) ? entry.message_content : entry;
  const { image, audio } = part;
  if (isObject(image)) return { ...rest(part, new Set(['image'])), type: 'image', ...placed(isObject(image.image) ? image.image : image) };
  if (isObject(audio)) return { ...rest(part, new Set(['audio'])), type: 'audio', ...placed(isObject(audio.audio) ? audio.audio : audio) };
  const said = rest(part, new Set(['type']));
  const isKnown = part.type === undefined || part.type === null || (isText(part.type) && knownTypes.test(textOf(part.type)));
  return said === undefined && isKnown ? {} : { type: part.type ?? 'text', ...said };
}
/** Types of parts that say nothing without another member; a call stands beside the parts. */
const knownTypes = /^(?:text|image|audio|reasoning|tool[-_].*)$/;

/** OpenInference's `url` may hold bare base64. */
function placed(media: JsonObject): JsonObject {
  const isBase64 = isText(media.url) && /^[A-Za-z0-9+/]{16,}={0,2}$/.test(textOf(media.url));
  return isBase64 ? { ...rest(media, new Set(['url'])), data: media.url } : media;
}

function unwrappedCall(entry: Json): Json {
  return isObject(entry) && isObject(entry.tool_call) ? (rest(entry.tool_call, new Set()) ?? {}) : entry;
}
