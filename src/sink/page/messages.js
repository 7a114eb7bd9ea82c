/**
 * Finds the conversation in a run's inputs or outputs. Pure: values in, values out.
 * A message is `{ role, blocks }`; a block is `{ kind: 'text' | 'reasoning', text }`, `{ kind: 'tool_call', name, value }`, `{ kind: 'image', url }`
 * or `{ kind: 'json', value }` for what is none of these.
 */

/** Messages of the shapes that the SDKs write, or `undefined` where there is no conversation. */
export function conversationOf(value) {
  const list = messagesIn(value);
  if (list === undefined || list.length === 0) return undefined;
  const messages = list.map(messageOf);
  return messages.every((message) => message !== undefined) ? messages : undefined;
}

/** Documents of a retriever's outputs, or `undefined`. */
export function documentsOf(value) {
  const list = Array.isArray(value?.documents) ? value.documents : undefined;
  if (list === undefined || !list.every((document) => typeof document?.page_content === 'string')) return undefined;
  return list.map(({ page_content, metadata }) => ({ text: page_content, metadata }));
}

/** The text of an object with one member that is a text, such as `{ input: '…' }`. */
export function onlyTextOf(value) {
  const entries = isObject(value) ? Object.entries(value) : [];
  return entries.length === 1 && typeof entries[0][1] === 'string' ? { name: entries[0][0], text: entries[0][1] } : undefined;
}

function isObject(value) {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function messagesIn(value) {
  if (!isObject(value)) return undefined;
  for (const name of ['messages', 'input', 'output']) {
    if (!Array.isArray(value[name])) continue;
    // LangChain wraps the messages of a batch of one.
    return Array.isArray(value[name][0]) ? value[name][0] : value[name];
  }
  if (Array.isArray(value.choices)) return value.choices.map((choice) => choice?.message);
  if (Array.isArray(value.generations))
    return value.generations.flat().map((generation) => generation?.message ?? { role: 'assistant', content: generation?.text });
  if (isObject(value.message)) return [value.message];
  return typeof value.role === 'string' ? [value] : undefined;
}

function messageOf(message) {
  if (!isObject(message)) return undefined;
  // A message that LangChain serialized: its class name is the role.
  if (isObject(message.kwargs) && Array.isArray(message.id)) {
    return messageOf({ role: String(message.id.at(-1)).replace(/Message(Chunk)?$/, ''), ...message.kwargs });
  }
  const role = message.role ?? message.type;
  if (typeof role !== 'string') return undefined;
  const blocks = blocksOf(message.content ?? message.parts);
  for (const call of [...(message.tool_calls ?? []), ...(isObject(message.function_call) ? [{ function: message.function_call }] : [])])
    blocks.push(toolCall(call));
  const name = message.name ?? message.tool_call_id;
  return { role: roleName(role), name: typeof name === 'string' ? name : '', blocks };
}

function roleName(role) {
  const names = { human: 'user', ai: 'assistant', aimessage: 'assistant', function: 'tool', model: 'assistant', developer: 'system' };
  const lower = role.toLowerCase();
  return Object.hasOwn(names, lower) ? names[lower] : lower;
}

function blocksOf(content) {
  if (content === undefined || content === null || content === '') return [];
  if (typeof content === 'string') return [{ kind: 'text', text: content }];
  return (Array.isArray(content) ? content : [content]).map(blockOf);
}

function blockOf(block) {
  if (typeof block === 'string') return { kind: 'text', text: block };
  if (!isObject(block)) return { kind: 'json', value: block };
  const text = block.text ?? block.thinking ?? block.reasoning ?? (typeof block.content === 'string' ? block.content : undefined);
  switch (block.type) {
    case 'reasoning':
    case 'thinking':
      return typeof text === 'string' ? { kind: 'reasoning', text } : { kind: 'json', value: block };
    case 'tool_call':
    case 'tool_use':
    case 'server_tool_call':
      return toolCall(block);
    case 'image':
    case 'image_url':
    case 'input_image':
      return imageOf(block);
    default:
      return typeof text === 'string' ? { kind: 'text', text } : { kind: 'json', value: block };
  }
}

function toolCall(call) {
  const source = isObject(call?.function) ? call.function : call;
  const value = source?.args ?? source?.input ?? source?.arguments;
  return { kind: 'tool_call', name: String(source?.name ?? 'tool'), value: parsed(value) };
}

/** Arguments often travel as JSON text. */
function parsed(value) {
  if (typeof value !== 'string') return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

/** Only images that the run carries itself are shown: the page loads nothing from elsewhere. */
function imageOf(block) {
  const url = typeof block.image_url === 'string' ? block.image_url : (block.image_url?.url ?? block.url);
  if (typeof url === 'string')
    return /^data:image\/(png|jpeg|gif|webp);base64,/.test(url) ? { kind: 'image', url } : { kind: 'text', text: `image: ${url}` };
  const data = block.data ?? block.base64 ?? block.source?.data;
  const type = block.mime_type ?? block.source?.media_type ?? 'image/png';
  if (typeof data === 'string' && /^image\/(png|jpeg|gif|webp)$/.test(type)) return { kind: 'image', url: `data:${type};base64,${data}` };
  return { kind: 'json', value: block };
}
