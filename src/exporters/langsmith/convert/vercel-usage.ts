import { intOf, memberOf } from './coerce.ts';
import { type Counts, newCounts } from './counts.ts';
import { family, slot } from './keys.ts';
import type { SpanReader } from './span-reader.ts';

const providerMetadata = slot('ai.response.providerMetadata');
const provider = slot('ai.model.provider');
const inputDetails = family('ai.usage.inputTokenDetails.');

/** Counts that the AI SDK tells only in the provider's words; up to its version 5, Anthropic's input does not include the cache (mapping §10.5). */
export function vercelUsage(reader: SpanReader): Counts | undefined {
  const metadata = reader.peekJson(providerMetadata);
  if (metadata === undefined) return undefined;
  const anthropic = memberOf(metadata, 'anthropic');
  const bedrock = memberOf(memberOf(metadata, 'bedrock'), 'usage');
  const counts = newCounts();
  const read =
    intOf(memberOf(anthropic, 'cacheReadInputTokens')) ??
    intOf(memberOf(memberOf(metadata, 'openai'), 'cachedPromptTokens')) ??
    intOf(memberOf(bedrock, 'cacheReadInputTokens'));
  const written = intOf(memberOf(anthropic, 'cacheCreationInputTokens')) ?? intOf(memberOf(bedrock, 'cacheWriteInputTokens'));
  if (read !== undefined) counts.inputDetails.set('cache_read', read);
  if (written !== undefined) counts.inputDetails.set('cache_creation', written);
  const isAnthropic = /^(?:anthropic|amazon-bedrock|bedrock)/.test(reader.peekText(provider) ?? '');
  counts.exclusiveInput = isAnthropic && reader.members(inputDetails).length === 0;
  return counts;
}
