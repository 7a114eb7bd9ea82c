import { isArray, isObject, isText, type Json, type JsonObject } from '../json.ts';
import { isConversation, readAnswer } from './conversation.ts';
import { itemKind } from './items.ts';
import { constructorArguments } from './langchain.ts';
import { type Choice, firstOf, rest } from './message.ts';
import { isChoiceEvent, isEvent } from './message-events.ts';
import type { Shape } from './shape.ts';

const namedInChoice = new Set(['index', 'finish_reason', 'finishReason', 'message', 'text', 'content', 'event.name']);
/** A `text` that is none is something else. */
const namedBesideText = new Set([...namedInChoice].filter((name) => name !== 'text'));

/**
 * The choices in what a provider answers: OpenAI's `choices`, Responses' `output`, Gemini's and Genkit's `candidates`, LangChain's `generations`,
 * Bedrock's `output.message`, a bare message (Anthropic, Ollama, Logfire), an AI SDK result, or a list of any of them.
 */
export function choicesIn(value: Json, shape: Shape | undefined): Choice[] | undefined {
  if (isArray(value)) return choicesOfList(value, shape);
  if (!isObject(value)) return undefined;
  const { choices, output, candidates, generations } = value;
  if (isArray(choices) && choices.length > 0 && choices.every(isObject)) return choices.map(choiceOf);
  if (isArray(output)) return isConversation(output, shape) ? [answer(output, shape, reasonOfResponse(value))] : undefined;
  if (isObject(output) && isObject(output.message)) return [answer([output.message], shape, reasonIn(value))];
  if (isArray(candidates) && candidates.length > 0 && candidates.every(isObject)) return candidates.map(choiceOf);
  if (isArray(generations)) return generationsOf(generations);
  if (isMessage(value)) return [answer([value], shape, undefined)];
  if (isArray(value.messages) && value.messages.every(isAssistant)) return choicesOfList(value.messages, shape);
  return wrappedMessage(value, shape) ?? resultOf(value);
}

function choicesOfList(list: readonly Json[], shape: Shape | undefined): Choice[] | undefined {
  if (
    list.length > 0 &&
    list.every(
      (element) =>
        isObject(element) && (isObject(element.message) || isText(element.text)) && element.role === undefined && !isEvent(element),
    )
  ) {
    if (list.every((element) => isObject(element) && (isObject(element.message) || element.finish_reason !== undefined)))
      return (list as JsonObject[]).map(choiceOf);
  }
  if (!isConversation(list, shape)) return undefined;
  if (list.some((element) => isObject(element) && itemKind(element) !== undefined)) return [answer(list, shape, undefined)];
  const choices = list.filter((element) => isObject(element) && isChoiceEvent(element));
  return (choices.length > 0 ? choices : list).map((element, index) => numbered(answer([element], shape, undefined), index, element));
}

function choiceOf(choice: Json, at: number): Choice {
  const source = choice as JsonObject;
  const reason = reasonIn(source);
  const content = isObject(source.content) ? source.content : undefined;
  const message = isObject(source.message) ? source.message : content;
  const others = rest(source, source.text === undefined || isText(source.text) ? namedInChoice : namedBesideText);
  if (message === undefined && isText(source.text))
    return numbered({ index: at, finish_reason: reason, text: source.text, ...others }, at, source);
  const body = message ?? (source.content === undefined ? {} : { content: source.content });
  return numbered({ ...answer([body], undefined, reason), ...others }, at, source);
}

function numbered(choice: Choice, at: number, source: Json): Choice {
  choice.index = isObject(source) && typeof source.index === 'number' ? source.index : at;
  return choice;
}

function answer(elements: readonly Json[], shape: Shape | undefined, reason: Json | undefined): Choice {
  const { message, finishReason } = readAnswer(elements, shape);
  const said = reason ?? finishReason;
  return isText(said) ? { index: 0, finish_reason: said, message } : { index: 0, message };
}

function reasonIn(source: JsonObject): (Json & string) | undefined {
  const reason = firstOf(source, 'finish_reason', 'finishReason', 'stop_reason', 'stopReason', 'done_reason');
  return isText(reason) ? (reason as string) : undefined;
}

/** The Responses API tells a reason only where an answer is incomplete. */
function reasonOfResponse({ incomplete_details: details }: JsonObject): Json | undefined {
  return isObject(details) ? details.reason : undefined;
}

function isAssistant(value: Json): boolean {
  return isObject(value) && (value.role === 'assistant' || value.role === 'ai' || value.type === 'ai');
}

function isMessage(value: JsonObject): boolean {
  return isConversation([value], undefined) && value.message === undefined;
}

/** Ollama, Logfire, Genkit, LlamaIndex: `message` beside the facts; the Agent Development Kit: `content`. */
function wrappedMessage(value: JsonObject, shape: Shape | undefined): Choice[] | undefined {
  const inner = isObject(value.message) ? value.message : value.content;
  return isObject(inner) && (isMessage(inner) || inner.parts !== undefined) ? [answer([inner], shape, reasonIn(value))] : undefined;
}

/** LangChain's `LLMResult`: a list of generations for each prompt. */
function generationsOf(generations: readonly Json[]): Choice[] | undefined {
  const flat = generations.flatMap((generation) => (isArray(generation) ? generation : [generation]));
  if (flat.length === 0 || !flat.every(isObject)) return undefined;
  return flat.map((generation, at) => {
    const source = constructorArguments(generation) ?? generation;
    const info = firstOf(source, 'generation_info', 'generationInfo');
    const reason = isObject(info) ? reasonIn(info) : undefined;
    const message = isObject(source.message) ? source.message : { role: 'assistant', content: source.text };
    return numbered(answer([message], undefined, reason), at, {});
  });
}

/** What the AI SDK, Mastra and Cohere call a result: text, reasoning, files and calls side by side. */
function resultOf(value: JsonObject): Choice[] | undefined {
  const { text, reasoning, reasoningText, files } = value;
  const calls = firstOf(value, 'toolCalls', 'tool_calls');
  if (!isText(text) || !(isArray(calls) || isArray(files) || isArray(value.chat_history))) return undefined;
  const thoughts = isArray(reasoning) ? reasoning : isText(reasoning) ? [{ type: 'reasoning', text: reasoning }] : [];
  const thought = isText(reasoningText) && thoughts.length === 0 ? [{ type: 'reasoning', text: reasoningText }] : [];
  const media = isArray(files) ? files.map((file) => (isObject(file) ? { type: 'file', ...file } : file)) : [];
  const content = [...thoughts, ...thought, { type: 'text', text }, ...media];
  return [answer([{ role: 'assistant', content, tool_calls: calls }], undefined, reasonIn(value))];
}
