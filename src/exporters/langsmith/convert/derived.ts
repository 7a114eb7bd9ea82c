/** Facts that a dialect's attributes say and that LangSmith knows under a name of its own (mapping §8.1, §13.2). */
import { isText, type JsonObject, textOf } from './json.ts';
import { family, slot, topic } from './keys.ts';
import type { Kind } from './kind.ts';
import type { Recognised } from './recognise.ts';
import { fields } from './rules.ts';
import type { SpanReader } from './span-reader.ts';

const agentVersion = slot('gen_ai.agent.version');
const prompts = family('gen_ai.prompt.', true);
const told = topic([
  agentVersion,
  ...fields.userId,
  ...fields.environment,
  ...fields.release,
  ...fields.promptName,
  ...fields.promptVersion,
]);

export function writeFacts(reader: SpanReader, kind: Kind, { integration, modality, facts }: Recognised, metadata: JsonObject): void {
  if (reader.speaksOf(told)) {
    copy(metadata, 'user_id', reader.firstText(fields.userId));
    copy(metadata, 'environment', reader.firstPeek(fields.environment));
    copy(metadata, 'release', reader.firstPeek(fields.release));
    copy(metadata, 'prompt_name', reader.firstText(fields.promptName));
    copy(metadata, 'prompt_version', reader.firstText(fields.promptVersion));
    copy(metadata, 'ls_agent_version', reader.peekText(agentVersion));
  }
  if (metadata.user_id === undefined) copy(metadata, 'user_id', userOfPrompt(reader));
  for (const write of facts) write(reader, metadata);
  metadata.ls_method = 'otel';
  if (integration !== '') {
    metadata.ls_integration = integration;
    copy(metadata, 'ls_integration_version', reader.scope.version || undefined);
  }
  if (modality !== '') metadata.ls_modality = modality;
  if (kind.runType === 'llm') metadata.ls_model_type = kind.completion ? 'llm' : 'chat';
  if (kind.middleware) metadata.ls_agent_type = 'middleware';
  if (kind.exclude) metadata.ls_message_view_exclude = true;
}

/** Some put the user into each message. */
function userOfPrompt(reader: SpanReader): string | undefined {
  for (const position of reader.members(prompts)) {
    if (reader.planAt(position)?.rest !== 'user') continue;
    const user = reader.leafAt(position);
    if (isText(user)) return textOf(user);
  }
  return undefined;
}

function copy(metadata: JsonObject, key: string, text: string | undefined): void {
  if (text !== undefined) metadata[key] = text;
}
