/** What a message's structure is made of. Redaction leaves it alone, or the message could not be shown and its counts would not add up. */
import type { Node } from './node.ts';

const roles = new Set(['system', 'developer', 'user', 'human', 'assistant', 'ai', 'model', 'tool', 'function', 'chatbot']);
const systemRoles = new Set(['system', 'developer']);
const toolRoles = new Set(['tool', 'function']);

const callTypes = new Set(['tool_call', 'tool_use', 'tool-call', 'function_call', 'server_tool_call', 'server_tool_use', 'function']);
const resultTypes = new Set([
  'tool_result',
  'tool-result',
  'tool_call_response',
  'function_call_output',
  'server_tool_result',
  'tool_call_output',
]);
const imageTypes = new Set(['image', 'image_url', 'input_image', 'output_image', 'blob', 'media', 'image_generation_call', 'inline_data']);
const partTypes = new Set([
  ...callTypes,
  ...resultTypes,
  ...imageTypes,
  'text',
  'input_text',
  'output_text',
  'reasoning',
  'thinking',
  'message',
  'file',
  'uri',
]);

export type RoleKind = 'system' | 'tool' | 'other';

export function roleKind(role: string): RoleKind | undefined {
  const lower = role.toLowerCase();
  if (!roles.has(lower)) return undefined;
  return systemRoles.has(lower) ? 'system' : toolRoles.has(lower) ? 'tool' : 'other';
}

/** What a map says of itself, if it is a message or a part of one. */
export interface MessageShape {
  readonly role: RoleKind | undefined;
  readonly part: 'call' | 'result' | 'image' | 'other' | undefined;
}

export function messageShape(map: Node): MessageShape | undefined {
  const type = map.textOf('type').toLowerCase();
  const role = roleKind(map.textOf('role')) ?? (map.has('content') ? roleKind(type) : undefined);
  const part = callTypes.has(type)
    ? 'call'
    : resultTypes.has(type)
      ? 'result'
      : imageTypes.has(type)
        ? 'image'
        : partTypes.has(type)
          ? 'other'
          : isCall(map)
            ? 'call'
            : undefined;
  return role === undefined && part === undefined && !isEnvelope(map) ? undefined : { role, part };
}

/** A choice, a whole request or a whole answer. */
function isEnvelope(map: Node): boolean {
  return (
    map.has('finish_reason') || map.has('choices') || (map.has('model') && (map.has('messages') || map.has('content') || map.has('usage')))
  );
}

/** `{name, arguments}`, as OpenAI, Google and the AI SDK nest it. */
function isCall(map: Node): boolean {
  return (map.has('name') || map.has('toolName')) && (map.has('arguments') || map.has('args'));
}

const structural = new Set([
  'role',
  'type',
  'id',
  'index',
  'object',
  'finish_reason',
  'finishReason',
  'stop_reason',
  'model',
  'mime_type',
  'mimeType',
  'media_type',
  'mediaType',
  'modality',
  'detail',
  'status',
  'event.name',
]);
const toolNames = new Set(['name', 'toolName', 'tool_name']);
const idName = /(?:[._-]id|Id|ID)s?$/;
const word = /^[\w.:/-]{1,128}$/;

/** Whether a member of a message, or of a part of one, belongs to its structure. */
export function isStructural(key: string, text: string, shape: MessageShape): boolean {
  if (!word.test(text)) return false;
  return (
    structural.has(key) ||
    idName.test(key) ||
    (toolNames.has(key) && (shape.part === 'call' || shape.role === 'tool' || shape.part === 'result'))
  );
}

const idKey = /(?:^|[._-])ids?$|[a-z]I[dD]s?$/;
const idShape =
  /^(?:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|[0-9a-f]{16}|[0-9a-f]{32}|(?:call|chatcmpl|cmpl|msg|resp|run|toolu|req|fc|rs|thread|asst)[_-][A-Za-z0-9]{8,64})$/i;
const hasLetter = /[a-f]/i;

/** An id of a well-known form under a name that says so: detectors would take one in many for a number of something. */
export function isId(key: string | undefined, text: string): boolean {
  return key !== undefined && text.length >= 12 && text.length <= 80 && idKey.test(key) && idShape.test(text) && hasLetter.test(text);
}
