/** Prices that depend on how a call was served: LangSmith finds them by the names of the token details (mapping §10.4). */
import { emptyObject, isObject, type Json, type JsonObject, stringOf } from './json.ts';
import { slot } from './keys.ts';
import type { SpanReader } from './span-reader.ts';

const tierSlots = ['gen_ai.response.service_tier', 'gen_ai.openai.response.service_tier', 'openai.response.service_tier'].map(slot);
const longPromptTokens = 200_000;

/** Renames the details of `usage` where the service tier or a very long prompt asks for it. `metadata` holds the provider, and the tier of a raw answer. */
export function applyTier(reader: SpanReader, usage: JsonObject, metadata: JsonObject): void {
  const tier = (reader.firstPeek(tierSlots) ?? stringOf(metadata.service_tier))?.toLowerCase();
  if (tier === 'flex' || tier === 'priority') {
    divide(usage, 'input', tier, 'cache_read');
    divide(usage, 'output', tier, 'reasoning');
  } else if (isLongPrompt(usage, metadata.ls_provider)) {
    divide(usage, 'input', 'over_200k', 'cache_read');
    divide(usage, 'output', 'over_200k', undefined);
  }
}

function isLongPrompt({ input_tokens: input }: JsonObject, provider: Json | undefined): boolean {
  return typeof input === 'number' && input > longPromptTokens && stringOf(provider)?.startsWith('google_') === true;
}

/** The part that has a price of its own, and the rest. */
function divide(usage: JsonObject, side: 'input' | 'output', tier: string, part: 'cache_read' | 'reasoning' | undefined): void {
  const total = usage[`${side}_tokens`];
  if (typeof total !== 'number' || total === 0) return;
  const given = usage[`${side}_token_details`];
  const details: JsonObject = Object.assign(emptyObject(), isObject(given) ? given : undefined);
  const own = part === undefined ? undefined : details[part];
  if (part !== undefined && typeof own === 'number') {
    delete details[part];
    details[tier === 'over_200k' ? `${part}_${tier}` : `${tier}_${part}`] = own;
  }
  const rest = total - (typeof own === 'number' ? own : 0);
  if (rest > 0) details[tier] = rest;
  usage[`${side}_token_details`] = details;
}
