import { emptyObject, isArray, isObject, isVoid, type Json, type JsonObject } from '../json.ts';
import { toolsOf } from './tools.ts';

/** Members that carry the conversation. */
const said = new Set(['messages', 'contents', 'input', 'prompt', 'items', 'chat_ctx', 'chat_history', 'message', 'preamble']);
const instructions = new Set(['system', 'instructions', 'systemInstruction', 'system_instruction']);
/** Groups that other interfaces make of parameters. */
const groups = new Set(['config', 'generationConfig', 'generation_config', 'inferenceConfig', 'options']);
const toolGroups = new Set(['toolConfig', 'tool_config']);

const names: ReadonlyMap<string, string> = new Map([
  ['modelId', 'model'],
  ['maxTokens', 'max_tokens'],
  ['max_output_tokens', 'max_tokens'],
  ['maxOutputTokens', 'max_tokens'],
  ['num_predict', 'max_tokens'],
  ['topP', 'top_p'],
  ['topK', 'top_k'],
  ['stop_sequences', 'stop'],
  ['stopSequences', 'stop'],
  ['toolChoice', 'tool_choice'],
  ['responseFormat', 'response_format'],
  ['frequencyPenalty', 'frequency_penalty'],
  ['presencePenalty', 'presence_penalty'],
]);

/** `extra.invocation_params` out of a request body (mapping §8.4): everything in it that is not the conversation, in OpenAI's names. */
export function parametersOf(body: Json): JsonObject {
  const found = emptyObject();
  if (isObject(body)) collect(body, found);
  return found;
}

function collect(body: JsonObject, found: JsonObject): void {
  for (const key of Object.keys(body)) {
    const value = body[key];
    if (isVoid(value) || said.has(key) || instructions.has(key)) continue;
    if (groups.has(key) && isObject(value)) collect(value, found);
    else if (toolGroups.has(key) && isObject(value)) collectTools(value, found);
    else if (key === 'tools') found.tools = toolsOf(value) ?? value;
    else found[names.get(key) ?? key] ??= value;
  }
}

function collectTools(config: JsonObject, found: JsonObject): void {
  for (const key of Object.keys(config)) {
    if (key === 'tools' && isArray(config.tools)) found.tools = toolsOf(config.tools) ?? config.tools;
    else found[names.get(key) ?? key] ??= config[key];
  }
}
