/**
 * Content policies: what becomes of everything that people and models said. `mask` keeps the shape, so that messages still render: roles, the number of
 * messages and parts, tool names, ids and finish reasons stay, and each text becomes `<redacted>`. Numbers stay.
 */
import type { Attributes } from '../../../model/value.ts';
import {
  type AttributeContent,
  type ContentKind,
  contentEvents,
  contentFamilies,
  contentKeys,
  contentKinds,
  contentLogScopes,
  eventKeys,
} from './content-keys.ts';
import type { Node } from './node.ts';
import { isStructural, type MessageShape, messageShape, roleKind } from './structure.ts';

export type Policy = 'keep' | 'mask' | 'drop';
export type Policies = Readonly<Record<ContentKind, Policy>>;

/** Stands for content that was masked. LangSmith's users know it as a sign that there was something. */
export const redacted = '<redacted>';

/** What a node is part of. */
export interface Place {
  readonly kind: AttributeContent | undefined;
  /** The message or part that it is a member of. */
  readonly message: MessageShape | undefined;
  /** Inside of what a tool was called with: nothing there is structure, whatever it looks like. */
  readonly isData: boolean;
}

export function placeOfAttribute(kind: AttributeContent | undefined): Place {
  return { kind, message: undefined, isData: false };
}

export function isActive(policies: Policies): boolean {
  return contentKinds.some((kind) => policies[kind] !== 'keep');
}

/** What an attribute of a span, event or log record is; `event`: name of the event or log record. `structure`: it stays as it is. */
export function contentOf(key: string, event: string, attributes: Attributes): AttributeContent | 'structure' | undefined {
  const ofEvent = contentEvents.get(event);
  if (ofEvent !== undefined && eventKeys.has(key)) return eventKeys.get(key) ?? roleContent(attributes.get('role'), ofEvent);
  const known = contentKeys.get(key);
  if (known !== undefined) return known;
  for (const [prefix, kind] of contentFamilies) if (key.startsWith(prefix)) return flattened(key, prefix, kind, attributes);
  return undefined;
}

export function contentOfBody(event: string, scope: string): AttributeContent | undefined {
  return contentEvents.get(event) ?? contentLogScopes.find(([prefix]) => scope.startsWith(prefix))?.[1];
}

const leafStructure =
  /(?:^|\.)(?:role|type|id|index|score|finish_reason|stop_reason|mime_type|media_type|tool_call_id|tool_calls\.\d+\.(?:tool_call\.)?(?:function\.)?name|function_call_name|name)$/;

/** A leaf of a value that is spread over attributes. The role of its message is another leaf. */
function flattened(key: string, prefix: string, kind: ContentKind, attributes: Attributes): AttributeContent | 'structure' {
  const rest = key.slice(prefix.length);
  if (leafStructure.test(rest)) return 'structure';
  if (/(?:^|\.)(?:arguments|function_call_arguments_json|input)$/.test(rest)) return 'tool_arguments';
  if (/image/.test(rest)) return 'images';
  const message = prefix + (/^\d+\.(?:message\.)?/.exec(rest)?.[0] ?? '');
  return roleContent(attributes.get(`${message}role`), kind);
}

function roleContent<Kind extends AttributeContent>(role: unknown, otherwise: Kind): Kind | ContentKind {
  const kind = typeof role === 'string' ? roleKind(role) : undefined;
  return kind === 'system' ? 'system_prompts' : kind === 'tool' ? 'tool_results' : otherwise;
}

const argumentNames = new Set(['arguments', 'args', 'input', 'partial_json']);
const callLists = new Set(['tool_calls', 'toolCalls', 'function_call', 'functionCall', 'tool_call']);
const systemNames = new Set(['system', 'system_instruction', 'systemInstruction', 'system_instructions', 'instructions']);
const imageNames = new Set(['image', 'image_url', 'imageUrl', 'inline_data', 'inlineData', 'b64_json']);

/** Where a node stands, by where its parent does. */
export function placeOf(node: Node, around: Place): Place {
  if (around.isData) return around;
  const { key } = node;
  const isData = key !== undefined && argumentNames.has(key) && around.message?.part === 'call';
  const kind = isData ? 'tool_arguments' : kindByName(node, around.kind);
  if (node.kind !== 'map') return { kind, message: around.message, isData };
  const message = isData ? undefined : messageShape(node);
  return { kind: message === undefined ? kind : kindOfMessage(message, kind), message, isData };
}

function kindByName({ key, kind: shape }: Node, kind: AttributeContent | undefined): AttributeContent | undefined {
  if (key === undefined) return kind;
  if (imageNames.has(key)) return 'images';
  if (callLists.has(key)) return 'tool_arguments';
  if (systemNames.has(key) && kind === 'inputs') return 'system_prompts';
  // The name of a class, as LangChain spells it: ["langchain", "schema", "messages", "HumanMessage"].
  return key === 'id' && shape === 'list' ? undefined : kind;
}

function kindOfMessage({ role, part }: MessageShape, around: AttributeContent | undefined): AttributeContent | undefined {
  if (part === 'image') return 'images';
  if (part === 'call') return 'tool_arguments';
  if (part === 'result' || role === 'tool') return 'tool_results';
  if (role === 'system') return 'system_prompts';
  if (role === undefined) return around;
  return around === 'outputs' ? 'outputs' : 'inputs';
}

const imageUrl = /^data:image\//i;

/** What becomes of a text there. */
export function policyOf(policies: Policies, { kind, message }: Place, node: Node): Policy {
  if (imageUrl.test(node.text)) return policies.images;
  if (kind === undefined || (message !== undefined && node.key !== undefined && isStructural(node.key, node.text, message))) return 'keep';
  return policies[kind === 'mixed' ? 'inputs' : kind];
}
