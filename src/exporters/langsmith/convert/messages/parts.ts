import { isArray, isObject, isText, type Json, type JsonObject, textOf } from '../json.ts';
import { jsonText } from '../json-writer.ts';
import { anthropicParts, readServerToolResult } from './anthropic-parts.ts';
import { bedrockParts, typedBedrockParts } from './bedrock-parts.ts';
import { geminiParts } from './gemini-parts.ts';
import { genaiParts } from './genai-parts.ts';
import { genkitParts } from './genkit-parts.ts';
import { openaiParts } from './openai-parts.ts';
import { asText, type PartReader, passThrough } from './part-reader.ts';
import type { Turn } from './turn.ts';
import { vercelParts } from './vercel-parts.ts';

/**
 * One table for the parts of all shapes: their types hardly collide, and sources mix them (LiteLLM copies OpenAI's parts into GenAI messages, Strands
 * writes Bedrock's blocks into GenAI events). So a part is read by what it says it is, whoever wrote it.
 */
const readersByType: ReadonlyMap<string, PartReader> = new Map([
  ...genaiParts,
  ...openaiParts,
  ...anthropicParts,
  ...vercelParts,
  ...typedBedrockParts,
]);
const readersByMember: ReadonlyMap<string, PartReader> = new Map([...bedrockParts, ...genkitParts, ...geminiParts]);

/** The content of a message: a text, parts, or anything that a tool gave back. */
export function readContent(turn: Turn, content: Json | undefined): void {
  if (content === undefined || content === null) return;
  if (isText(content)) turn.text(content);
  else if (isArray(content)) readParts(turn, content);
  else if (isObject(content) && readerOf(content) !== undefined) readPart(turn, content);
  else turn.text(jsonText(content));
}

function readParts(turn: Turn, parts: readonly Json[]): void {
  if (turn.role === 'tool' && !parts.every(isPart)) {
    turn.text(jsonText(parts));
    return;
  }
  for (const part of parts) {
    if (isObject(part)) readPart(turn, part);
    else if (part !== null) turn.text(asText(part));
  }
}

/** Whether a list is one of content parts. */
export function isPart(part: Json): boolean {
  return isText(part) || (isObject(part) && (readerOf(part) !== undefined || isText(part.type)));
}

function readPart(turn: Turn, part: JsonObject): void {
  (readerOf(part) ?? passThrough)(turn, part);
}

function readerOf(part: JsonObject): PartReader | undefined {
  if (isText(part.type)) {
    const type = textOf(part.type);
    return readersByType.get(type) ?? (type.endsWith('_tool_result') ? readServerToolResult : undefined);
  }
  for (const key in part) {
    const reader = readersByMember.get(key);
    if (reader !== undefined) return reader;
  }
  return undefined;
}
