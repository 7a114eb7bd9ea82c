/**
 * OpenInference has an attribute for each field of a message, OpenTelemetry one JSON text for all messages.
 *
 *   llm.input_messages.0.message.role, llm.input_messages.0.message.content, …  ─►  gen_ai.input.messages
 *
 * Understood are text, tool calls and their results. Messages with anything else (an image) stay as they are: half a message would look whole.
 */
import type { Attributes, Value } from '../../model/value.ts';
import type { SourceSettings } from './schema.ts';

/** Of a message, by names below `message.`; of a tool call and a content, by their names in a list's element. */
type Fields = Map<string, string>;
interface Message {
  readonly fields: Fields;
  readonly toolCalls: Map<number, Fields>;
  readonly contents: Map<number, Fields>;
}

const directions = [
  { prefix: 'llm.input_messages.', target: 'gen_ai.input.messages', isOutput: false },
  { prefix: 'llm.output_messages.', target: 'gen_ai.output.messages', isOutput: true },
] as const;

const field = /^(\d{1,6})\.message\.(?:(role|content|name|tool_call_id)|(tool_calls|contents)\.(\d{1,6})\.(\w+\.[\w.]+))$/;
const partFields: ReadonlySet<string> = new Set([
  'tool_call.id',
  'tool_call.function.name',
  'tool_call.function.arguments',
  'message_content.type',
  'message_content.text',
]);

/** Returns whether it wrote anything. */
export function gatherMessages(attributes: Attributes, settings: Pick<SourceSettings, 'overwrite' | 'remove_originals'>): boolean {
  let wrote = false;
  for (const { prefix, target, isOutput } of directions) {
    const keys: string[] = [];
    for (let position = 0; position < attributes.length; position++) {
      const key = attributes.keyAt(position);
      if (key?.startsWith(prefix)) keys.push(key);
    }
    if (keys.length === 0 || (!settings.overwrite && attributes.has(target))) continue;
    const messages = read(attributes, keys, prefix.length);
    if (messages === undefined) continue;
    attributes.set(target, `[${sorted(messages).map((message) => messageJson(message, isOutput))}]`);
    if (settings.remove_originals) for (const key of keys) attributes.delete(key);
    wrote = true;
  }
  return wrote;
}

/** `undefined` if one of the attributes is not understood. */
function read(attributes: Attributes, keys: readonly string[], prefixLength: number): Map<number, Message> | undefined {
  const messages = new Map<number, Message>();
  for (const key of keys) {
    const value = attributes.get(key) as Value;
    const [, index, name, list, at, part] = field.exec(key.slice(prefixLength)) ?? [];
    if (index === undefined || typeof value !== 'string') return undefined;
    const message = entry(messages, Number(index), () => ({ fields: new Map(), toolCalls: new Map(), contents: new Map() }));
    if (name !== undefined) {
      message.fields.set(name, value);
      continue;
    }
    if (!partFields.has(part as string) || (part === 'message_content.type' && value !== 'text')) return undefined;
    const parts = list === 'contents' ? message.contents : message.toolCalls;
    entry(parts, Number(at), (): Fields => new Map()).set(part as string, value);
  }
  return messages;
}

function entry<Entry>(entries: Map<number, Entry>, index: number, make: () => Entry): Entry {
  const present = entries.get(index);
  if (present !== undefined) return present;
  const made = make();
  entries.set(index, made);
  return made;
}

function messageJson({ fields, toolCalls, contents }: Message, isOutput: boolean): string {
  const [id, name, content = ''] = [fields.get('tool_call_id'), fields.get('name'), fields.get('content')];
  const role = fields.get('role') ?? (id !== undefined ? 'tool' : toolCalls.size > 0 ? 'assistant' : 'user');
  const texts = [...(content === '' ? [] : [content]), ...sorted(contents).flatMap((one) => one.get('message_content.text') ?? [])];
  const parts =
    id !== undefined
      ? [object({ type: 'tool_call_response', id, response: texts.join('\n') })]
      : [...texts.map((text) => object({ type: 'text', content: text })), ...sorted(toolCalls).map(toolCallJson)];
  const ends = `${name === undefined ? '' : `,"name":${JSON.stringify(name)}`}${isOutput ? ',"finish_reason":""' : ''}`;
  return `{"role":${JSON.stringify(role)},"parts":[${parts.join()}]${ends}}`;
}

function toolCallJson(call: Fields): string {
  const [id, name = '', given] = [call.get('tool_call.id'), call.get('tool_call.function.name'), call.get('tool_call.function.arguments')];
  const head = object({ type: 'tool_call', ...(id === undefined ? {} : { id }), name });
  return given === undefined ? head : `${head.slice(0, -1)},"arguments":${isJson(given) ? given : JSON.stringify(given)}}`;
}

const object = (fields: Readonly<Record<string, string>>): string => JSON.stringify(fields);

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function sorted<Entry>(entries: ReadonlyMap<number, Entry>): Entry[] {
  return [...entries].sort(([one], [other]) => one - other).map(([, value]) => value);
}
