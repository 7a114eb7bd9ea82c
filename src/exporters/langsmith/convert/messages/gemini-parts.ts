import { isObject, isText, type JsonObject, textOf } from '../json.ts';
import { firstOf, merged, rest } from './message.ts';
import { type PartReaders, passThrough, readMedia, readReasoning, readText } from './part-reader.ts';
import type { Turn } from './turn.ts';

/** Parts of Gemini and Vertex AI in camel and snake case; also, as `text`, of every other shape whose parts have no type. */
export const geminiParts: PartReaders = [
  ['functionCall', readFunctionCall],
  ['function_call', readFunctionCall],
  ['functionResponse', readFunctionResponse],
  ['function_response', readFunctionResponse],
  ['inlineData', readData],
  ['inline_data', readData],
  ['fileData', readData],
  ['file_data', readData],
  ['executableCode', readCode],
  ['executable_code', readCode],
  ['codeExecutionResult', readCodeResult],
  ['code_execution_result', readCodeResult],
  ['text', readTextPart],
];

const namedInText = new Set(['text', 'thought']);
const calls = ['functionCall', 'function_call'];
const responses = ['functionResponse', 'function_response'];
const data = ['inlineData', 'inline_data', 'fileData', 'file_data'];
const codes = ['executableCode', 'executable_code'];
const codeResults = ['codeExecutionResult', 'code_execution_result'];
const namedInPart = new Set([...calls, ...responses, ...data, ...codes, ...codeResults]);
const namedInCode = new Set([...codes, ...codeResults, 'id']);
const namedInResponse = new Set(['id', 'name', 'response']);
const namedInData = new Set(['mimeType', 'mime_type', 'data', 'fileUri', 'file_uri', 'displayName', 'display_name']);

function readTextPart(turn: Turn, part: JsonObject): void {
  if (part.thought === true) readReasoning(turn, part, part.text, namedInText);
  else readText(turn, part, part.text, namedInText);
}

/** A call without an id gets one from its place in the conversation; the next result of that function answers it. */
function readFunctionCall(turn: Turn, part: JsonObject): void {
  const call = firstOf(part, ...calls);
  if (!isObject(call)) {
    passThrough(turn, part);
    return;
  }
  const id = isText(call.id) ? call.id : generatedId(turn, call);
  turn.call(merged(merged(rest(part, namedInPart), call), { id }) ?? {});
}

function generatedId(turn: Turn, call: JsonObject): string {
  const { turns } = turn.shared;
  const openCalls = (turn.shared.openCalls ??= new Map());
  const id = `call_${turns}_${turn.callCount}`;
  const name = isText(call.name) ? textOf(call.name) : '';
  const open = openCalls.get(name);
  if (open === undefined) openCalls.set(name, [id]);
  else open.push(id);
  return id;
}

function readFunctionResponse(turn: Turn, part: JsonObject): void {
  const response = firstOf(part, ...responses);
  if (!isObject(response)) {
    passThrough(turn, part);
    return;
  }
  const name = isText(response.name) ? textOf(response.name) : '';
  const id = isText(response.id) ? response.id : turn.shared.openCalls?.get(name)?.shift();
  turn.result(id, response.response, { name: response.name, leftovers: merged(rest(part, namedInPart), rest(response, namedInResponse)) });
}

function readData(turn: Turn, part: JsonObject): void {
  const inner = firstOf(part, ...data);
  if (!isObject(inner)) {
    passThrough(turn, part);
    return;
  }
  const media = {
    mimeType: firstOf(inner, 'mimeType', 'mime_type'),
    data: inner.data,
    url: firstOf(inner, 'fileUri', 'file_uri'),
    name: firstOf(inner, 'displayName', 'display_name'),
  };
  readMedia(turn, merged(rest(part, namedInPart), inner) ?? inner, media, namedInData);
}

function readCode(turn: Turn, part: JsonObject): void {
  turn.part({
    type: 'server_tool_call',
    id: part.id,
    name: 'code_execution',
    args: firstOf(part, ...codes),
    extras: rest(part, namedInCode),
  });
}

function readCodeResult(turn: Turn, part: JsonObject): void {
  const output = firstOf(part, ...codeResults);
  const failed = isObject(output) && isText(output.outcome) && textOf(output.outcome) !== 'OUTCOME_OK';
  turn.part({
    type: 'server_tool_result',
    tool_call_id: part.id,
    status: failed ? 'error' : 'success',
    output,
    extras: rest(part, namedInCode),
  });
}
