/** The shape of inputs and outputs by kind of run (mapping §6.1). Whatever is no message stays what it is; an object is used as it is, the rest is wrapped. */

import { memberOf } from './coerce.ts';
import type { Content } from './contents.ts';
import { isArray, isObject, isText, type Json, type JsonObject, type Text } from './json.ts';
import { isCutOff } from './json-text.ts';
import type { Kind } from './kind.ts';
import { choicesOf, documentsOf, messagesOf } from './messages/messages.ts';
import { resultText } from './messages/tool-result.ts';

type Wrapper = 'input' | 'output';

function opaque(value: Json, wrapper: Wrapper): JsonObject {
  return isObject(value) ? value : { [wrapper]: value };
}

function conversation(value: Json, { source }: Content, wrapper: Wrapper): JsonObject {
  if (isText(value)) return source.conversation === true && source.shape !== undefined ? said(value, wrapper) : { [wrapper]: value };
  const messages = source.conversation === true || isArray(value) ? messagesOf(value, source.shape) : undefined;
  return messages === undefined ? opaque(value, wrapper) : { messages };
}

/** Ordinary text is one turn; text that begins like JSON was cut off and is nobody's turn. */
function said(text: Text, wrapper: Wrapper): JsonObject {
  if (isCutOff(text)) return { [wrapper]: text };
  return { messages: [{ role: wrapper === 'input' ? 'user' : 'assistant', content: text }] };
}

function llmInputs(content: Content, kind: Kind): JsonObject {
  const { value, source } = content;
  if (isText(value)) return kind.completion ? { prompt: value } : said(value, 'input');
  const messages = messagesOf(value, source.shape);
  if (messages !== undefined) return { messages };
  if (kind.completion && isArray(value) && value.every(isText)) return value.length === 1 ? { prompt: value[0] } : { prompts: value };
  return opaque(value, 'input');
}

function llmOutputs(content: Content, kind: Kind): JsonObject {
  const { value, source } = content;
  if (isText(value)) {
    if (isCutOff(value)) return { output: value };
    return { choices: [kind.completion ? { index: 0, text: value } : { index: 0, message: { role: 'assistant', content: value } }] };
  }
  const choices = choicesOf(value, source.shape);
  return choices === undefined ? opaque(value, 'output') : { choices };
}

function retrieverInputs(value: Json): JsonObject {
  return isText(value) ? { query: value } : opaque(value, 'input');
}

function retrieverOutputs(value: Json): JsonObject {
  const documents = documentsOf(value);
  return documents === undefined ? opaque(value, 'output') : { documents };
}

function embeddingInputs(value: Json): JsonObject {
  if (isText(value)) return { input: [value] };
  return isArray(value) ? { input: value } : opaque(value, 'input');
}

/** What a tool gave back; with the id of the call it is also the message that a model reads (mapping §6.1). */
function toolOutputs(value: Json, callId: Text | undefined): JsonObject {
  const own = memberOf(value, 'output');
  const output = own !== undefined && isObject(value) && Object.keys(value).length === 1 ? own : value;
  if (callId === undefined) return { output };
  const message: JsonObject = { role: 'tool', tool_call_id: callId, content: resultText(output) };
  return isText(output) ? message : { output, ...message };
}

export function inputsOf(content: Content, kind: Kind): JsonObject {
  const { value, source } = content;
  if (source.verbatim === true) return opaque(value, 'input');
  switch (kind.runType) {
    case 'llm':
      return llmInputs(content, kind);
    case 'embedding':
      return embeddingInputs(value);
    case 'retriever':
      return retrieverInputs(value);
    case 'tool':
      return opaque(value, 'input');
    default:
      return conversation(value, content, 'input');
  }
}

export function outputsOf(content: Content, kind: Kind, callId: Text | undefined): JsonObject {
  const { value, source } = content;
  if (source.verbatim === true) return opaque(value, 'output');
  switch (kind.runType) {
    case 'llm':
      return llmOutputs(content, kind);
    case 'retriever':
      return retrieverOutputs(value);
    case 'tool':
      return toolOutputs(value, callId);
    default:
      return conversation(value, content, 'output');
  }
}
