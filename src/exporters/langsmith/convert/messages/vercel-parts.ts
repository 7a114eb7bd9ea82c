import { isObject, isText, type JsonObject, textOf } from '../json.ts';
import { firstOf, merged, rest } from './message.ts';
import { type PartReaders, readReasoning } from './part-reader.ts';
import type { Turn } from './turn.ts';

/** Parts of the Vercel AI SDK's model messages (versions 4 to 7); its `image` and `file` are read with the parts of those names. */
export const vercelParts: PartReaders = [
  ['tool-call', readToolCall],
  ['tool-result', readToolResult],
  ['tool-error', readToolResult],
  ['redacted-reasoning', readRedactedReasoning],
];

const namedInCall = new Set(['type']);
const namedInResult = new Set(['type', 'toolCallId', 'toolName', 'output', 'result', 'error']);
const namedInOutput = new Set(['type', 'value']);

function readToolCall(turn: Turn, part: JsonObject): void {
  turn.call(rest(part, namedInCall) ?? {});
}

function readToolResult(turn: Turn, part: JsonObject): void {
  const output = firstOf(part, 'output', 'result', 'error');
  const wrapper = isObject(output) && isText(output.type) && output.value !== undefined ? output : undefined;
  const failed = part.error !== undefined || (wrapper !== undefined && textOf(wrapper.type as string).startsWith('error-'));
  const leftovers = merged(
    merged(rest(part, namedInResult), wrapper === undefined ? undefined : rest(wrapper, namedInOutput)),
    failed ? { is_error: true } : undefined,
  );
  turn.result(part.toolCallId, wrapper === undefined ? output : wrapper.value, { name: part.toolName, leftovers });
}

function readRedactedReasoning(turn: Turn, part: JsonObject): void {
  readReasoning(turn, { redacted: true, ...rest(part, namedInCall) }, '', new Set());
}
