/**
 * Instrumentations that write messages as indexed attributes may leave out the ids that pair a tool's result with its call (OpenInference's does for
 * LangChain.js). The raw body beside the attributes has them.
 */
import { isArray, isObject, isText, isVoid, type Json, type JsonObject, textOf } from './json.ts';
import type { Message } from './messages/message.ts';

/** Fills the ids in from the same messages as the body tells them. `told` reads the body, so it is asked only where an id is missing. */
export function fillCallIds(messages: readonly Json[], told: () => readonly Message[] | undefined): void {
  if (!messages.some(lacksId)) return;
  const known = told();
  if (known?.length !== messages.length) return;
  for (const [at, message] of messages.entries()) if (isObject(message)) fill(message, known[at] as Message);
}

function lacksId(message: Json): boolean {
  if (!isObject(message)) return false;
  if (isResult(message)) return isVoid(message.tool_call_id);
  return callsOf(message).some((call) => isVoid(call.id));
}

function fill(message: JsonObject, known: Message): void {
  if (isResult(message) && isVoid(message.tool_call_id) && known.tool_call_id !== undefined) message.tool_call_id = known.tool_call_id;
  const [calls, knownCalls] = [callsOf(message), known.tool_calls ?? []];
  if (calls.length !== knownCalls.length) return;
  for (const [at, call] of calls.entries()) if (isVoid(call.id) && knownCalls[at]?.id !== undefined) call.id = knownCalls[at].id;
}

const isResult = ({ role }: JsonObject): boolean => isText(role) && textOf(role) === 'tool';

/** The calls themselves, out of the wrapper that OpenInference puts around each. */
function callsOf({ tool_calls: calls }: JsonObject): JsonObject[] {
  if (!isArray(calls)) return [];
  return calls.map((call) => (isObject(call) && isObject(call.tool_call) ? call.tool_call : call)).filter(isObject);
}
