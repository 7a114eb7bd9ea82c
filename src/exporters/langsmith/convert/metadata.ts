/** `extra.metadata` in its merge order: resource and scope, unused attributes, other vendors' metadata, what was derived, and `langsmith.metadata.*` last (mapping §13.2). */
import type { Explicit } from './explicit.ts';
import { emptyObject, isArray, type Json, type JsonObject, stringOf } from './json.ts';
import type { Surroundings } from './resource.ts';

export interface Metadata {
  readonly members: JsonObject;
  /** Per name the values that a later one replaced. */
  readonly overridden: JsonObject | undefined;
}

/** Values that make LangSmith read messages in another shape than the one that is written (mapping §7.1). */
const foreignShapes = new Set([
  'langchain_chat_model',
  'deepagents',
  'deepagents-cli',
  'openai-agents-sdk',
  'claude-agent-sdk',
  'claude-code',
  'vercel-ai-sdk',
]);

export const isForeignShape = (integration: Json | undefined): boolean => foreignShapes.has(stringOf(integration) ?? '');

/** `placed`: keys of the sender's that have a place of their own in the run. */
export function metadataOf(
  surroundings: Surroundings,
  unused: JsonObject,
  explicit: Explicit,
  derived: JsonObject,
  placed: readonly string[],
): Metadata {
  const members = emptyObject();
  let overridden: JsonObject | undefined;
  for (const source of [surroundings.metadata, unused, explicit.vendor, derived, explicit.own]) {
    for (const key of Object.keys(source)) {
      const value = source[key];
      if (value === undefined || value === null || (placed.includes(key) && isSender(source, explicit))) continue;
      const before = members[key];
      if (before !== undefined && before !== value) {
        overridden ??= emptyObject();
        const earlier = overridden[key];
        overridden[key] = isArray(earlier) ? [...earlier, before] : [before];
      }
      members[key] = value;
    }
  }
  return { members, overridden };
}

function isSender(source: JsonObject, explicit: Explicit): boolean {
  return source === explicit.own || source === explicit.vendor;
}

/** The messages are in our shape, whatever the sender's integration would have made of them. */
export function moveIntegration(members: JsonObject, integration: Json | undefined): void {
  members.ls_integration_original = members.ls_integration;
  members.ls_integration = integration;
}
