import { isEmptyContent, memberOf } from './coerce.ts';
import { isArray, isText, type Json, type JsonObject, textOf } from './json.ts';
import { slot } from './keys.ts';
import type { SpanReader } from './span-reader.ts';

const system = slot('gen_ai.system_instructions');
const input = slot('gen_ai.input.messages');
const output = slot('gen_ai.output.messages');
const toolCalls = slot('gen_ai.response.tool_calls');

/** `gen_ai.input.messages` behind the system instructions, unless the conversation begins with those itself. */
export function inputConversation(reader: SpanReader): Json | undefined {
  const messages = reader.takeJson(input);
  if (messages === undefined || !isArray(messages)) return messages;
  const instructions = reader.peekJson(system);
  if (instructions === undefined || isEmptyContent(instructions)) return messages;
  if (beginsWithSystem(messages)) return messages;
  reader.use(system);
  return [systemMessage(instructions), ...messages];
}

function beginsWithSystem(messages: readonly Json[]): boolean {
  const role = memberOf(messages[0], 'role');
  return isText(role) && /^(?:system|developer)$/.test(textOf(role));
}

function systemMessage(instructions: Json): JsonObject {
  return isArray(instructions) ? { role: 'system', parts: instructions } : { role: 'system', content: instructions };
}

/** What an agent said, turn by turn. */
export function agentOutputs(reader: SpanReader): Json | undefined {
  return reader.takeJson(output);
}

/** An answer of which only the calls are told. */
export function calledTools(reader: SpanReader): Json | undefined {
  const calls = reader.takeJson(toolCalls);
  return isArray(calls) ? [{ role: 'assistant', content: null, tool_calls: calls }] : calls;
}
