import { isArray, isObject, type Json, type JsonObject } from '../json.ts';
import { firstOf, rest } from './message.ts';

const usageKeys = ['usage', 'usage_metadata', 'usageMetadata', 'tokenUsage', 'token_usage', 'billed_units'];
const groupKeys = ['llm_output', 'llmOutput', 'response_metadata', 'meta', 'message', 'custom', 'raw'];
const ollamaKeys = ['prompt_eval_count', 'eval_count'];

/** The object in which a provider's answer tells its token counts, as it is; `undefined` if there is none. */
export function usageOf(body: Json): JsonObject | undefined {
  if (!isObject(body)) return undefined;
  const own = firstOf(body, ...usageKeys);
  if (isObject(own)) return own;
  if (typeof body.prompt_eval_count === 'number') {
    const others = new Set(Object.keys(body).filter((key) => !ollamaKeys.includes(key)));
    return rest(body, others);
  }
  for (const key of groupKeys) {
    const group = body[key];
    const usage = isObject(group) && !isArray(group) ? firstOf(group, ...usageKeys) : undefined;
    if (isObject(usage)) return usage;
  }
  return undefined;
}
